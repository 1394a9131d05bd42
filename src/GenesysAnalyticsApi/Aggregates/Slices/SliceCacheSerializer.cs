using System.Runtime.InteropServices;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Text;
using MemoryPack;
using ZiggyCreatures.Caching.Fusion.Internals;
using ZiggyCreatures.Caching.Fusion.Internals.Distributed;
using ZiggyCreatures.Caching.Fusion.Serialization;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>Serializes slices for the shared store. Treats an unreadable or invalid entry as missing, so the slice is fetched from Genesys.</summary>
internal sealed partial class SliceCacheSerializer(SharedTime time, ILogger<SliceCache> logger, ISliceReplication replication) : IFusionCacheSerializer
{
    public byte[] Serialize<T>(T? obj) => obj is FusionCacheDistributedEntry<CachedSlice> entry
        ? VersionedPayload.Write(
            SliceCacheEntry.Version, time.ToShared(entry.Value.FetchedAt), SliceCacheEntry.Pack(entry.Value, entry.Timestamp, entry.LogicalExpirationTimestamp))
        : throw new NotSupportedException($"This cache stores only slices, not {typeof(T)}.");

    public T? Deserialize<T>(byte[] data)
    {
        if (VersionedPayload.Read<SliceCacheEntry>(SliceCacheEntry.Version, data) is not { } payload)
        {
            if (VersionedPayload.HasVersion(SliceCacheEntry.Version, data))
            {
                replication.ReportInvalidSlice("unreadable");
            }
            else
            {
                Log.Unreadable(logger, data.Length);
            }

            return default;
        }

        if (SliceCacheEntryValidator.Validate(payload.Body) is { } fault)
        {
            replication.ReportInvalidSlice(fault);
            return default;
        }

        if (time.FromShared(payload.Stamp) is not { } fetchedAt)
        {
            replication.ReportInvalidSlice("dated in the future");
            return default;
        }

        var slice = payload.Body.Unpack(fetchedAt);

        // The size is computed from the slice and not read from Redis, because the size limits the memory of this process.
        var metadata = new FusionCacheEntryMetadata(
            isStale: false, eagerExpirationTimestamp: null, etag: null, lastModifiedTimestamp: null, slice.Size, priority: null);
        return (T)(object)new FusionCacheDistributedEntry<CachedSlice>(slice, payload.Body.Stamp, payload.Body.ExpiresAt, tags: null, metadata);
    }

    public ValueTask<byte[]> SerializeAsync<T>(T? obj, CancellationToken token = default) => ValueTask.FromResult(Serialize(obj));

    public ValueTask<T?> DeserializeAsync<T>(byte[] data, CancellationToken token = default) => ValueTask.FromResult(Deserialize<T>(data));

    private static partial class Log
    {
        [LoggerMessage(5010, LogLevel.Debug, "Ignored a slice of another version in Redis: {Bytes} bytes")]
        public static partial void Unreadable(ILogger logger, int bytes);
    }
}

/// <summary>
/// The form in which a slice is stored in Redis or on disk. Changing the form requires a new <see cref="Version"/>, because replicas of the old and the new
/// version run at the same time during a rollout.
/// </summary>
/// <param name="Stamp">The time stamp that FusionCache gives the entry; 0 on disk.</param>
/// <param name="ExpiresAt">When FusionCache removes the entry; 0 on disk.</param>
/// <param name="Edges">The bucket edges, in Unix ticks.</param>
/// <param name="Names">The distinct queue ids, media types and values of further dimensions.</param>
/// <param name="RequestedQueues">The requested queue ids; null for all queues.</param>
/// <param name="Series">The series as indexes in <paramref name="Names"/>; see <see cref="SeriesIndexes"/>.</param>
[MemoryPackable]
internal sealed partial record SliceCacheEntry(
    long Stamp, long ExpiresAt, long[] Edges, [property: CheckedStrings] string[] Names, int[] Series, FactColumn[] Columns,
    [property: CheckedStrings] string[] RejectedMetrics, [property: CheckedStrings] string[]? RequestedQueues)
{
    public const byte Version = 4;

    public static SliceCacheEntry Pack(CachedSlice slice, long stamp, long expiresAt)
    {
        var indexes = new Dictionary<string, int>();
        var series = SeriesIndexes.Of(slice.Facts.Series, IndexOf);
        return new(
            stamp,
            expiresAt,
            [.. slice.Facts.Edges.Select(edge => edge.ToUnixTimeTicks())],
            [.. indexes.Keys],
            series,
            [.. slice.Facts.Columns],
            [.. slice.RejectedMetrics],
            slice.RequestedQueues.IsEverything ? null : [.. slice.RequestedQueues.Ids]);

        int IndexOf(string name)
        {
            ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(indexes, name, out var exists);
            return exists ? index : index = indexes.Count - 1;
        }
    }

    public CachedSlice Unpack(Instant fetchedAt)
    {
        // Names are interned, because thousands of slices contain the same names.
        var names = Array.ConvertAll(Names, string.Intern);
        return new(
            new AggregateFacts([.. Edges.Select(Instant.FromUnixTimeTicks)], SeriesIndexes.Read(Series, names), [.. Columns.Select(column => column with { Metric = string.Intern(column.Metric) })]),
            fetchedAt,
            [.. RejectedMetrics])
        {
            RequestedQueues = RequestedQueues is null ? QueueSet.Everything : QueueSet.Of(RequestedQueues.Select(string.Intern)),
        };
    }
}
