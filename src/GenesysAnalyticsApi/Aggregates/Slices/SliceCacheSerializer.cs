using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Redis;
using MemoryPack;
using NodaTime;
using ZiggyCreatures.Caching.Fusion.Internals;
using ZiggyCreatures.Caching.Fusion.Internals.Distributed;
using ZiggyCreatures.Caching.Fusion.Serialization;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>Slices on their way to Redis and back. What cannot be read is not there; Genesys is asked instead.</summary>
/// <param name="redis">Tells of what is not valid.</param>
internal sealed partial class SliceCacheSerializer(ReplicaTime time, ILogger<SliceCache> logger, RedisConnection? redis = null) : IFusionCacheSerializer
{
    private const string Kind = "slice";

    public byte[] Serialize<T>(T? obj) => obj is FusionCacheDistributedEntry<CachedSlice> entry
        ? VersionedPayload.Write(
            SliceCacheEntry.Version, time.Of(entry.Value.FetchedAt), SliceCacheEntry.Pack(entry.Value, entry.Timestamp, entry.LogicalExpirationTimestamp))
        : throw new NotSupportedException($"Only slices are kept here, not {typeof(T)}.");

    public T? Deserialize<T>(byte[] data)
    {
        if (VersionedPayload.Read<SliceCacheEntry>(SliceCacheEntry.Version, data) is not { } read)
        {
            if (VersionedPayload.ClaimsToBe(SliceCacheEntry.Version, data))
            {
                redis?.ToldInvalid(Kind, "it cannot be read");
            }
            else
            {
                Log.Unreadable(logger, data.Length);
            }

            return default;
        }

        if (SliceCacheEntryValidator.FaultOf(read.Body) is { } fault)
        {
            redis?.ToldInvalid(Kind, fault);
            return default;
        }

        if (time.At(read.Stamp) is not { } fetchedAt)
        {
            redis?.ToldInvalid(Kind, "it is from the future");
            return default;
        }

        var slice = read.Body.Unpack(fetchedAt);

        // The size is ours, not that of the process that wrote it: memory is counted here.
        var metadata = new FusionCacheEntryMetadata(
            isStale: false, eagerExpirationTimestamp: null, etag: null, lastModifiedTimestamp: null, slice.Size, priority: null);
        return (T)(object)new FusionCacheDistributedEntry<CachedSlice>(slice, read.Body.Stamp, read.Body.ExpiresAt, tags: null, metadata);
    }

    public ValueTask<byte[]> SerializeAsync<T>(T? obj, CancellationToken token = default) => ValueTask.FromResult(Serialize(obj));

    public ValueTask<T?> DeserializeAsync<T>(byte[] data, CancellationToken token = default) => ValueTask.FromResult(Deserialize<T>(data));

    private static partial class Log
    {
        [LoggerMessage(5010, LogLevel.Debug, "A slice in Redis could not be read and counts as missing: {Bytes} bytes")]
        public static partial void Unreadable(ILogger logger, int bytes);
    }
}

/// <summary>A slice as it lies in Redis. Whoever changes its shape raises <see cref="Version"/>: a roll-out has both at once.</summary>
/// <param name="Stamp">The cache's own time stamp of the entry.</param>
/// <param name="ExpiresAt">When the cache drops it.</param>
/// <param name="Edges">In ticks.</param>
/// <param name="Names">Each queue id and media type once.</param>
/// <param name="Asked">The ids that Genesys was asked for; null for all queues.</param>
/// <param name="Series">For each series the queue's and the media type's place in <paramref name="Names"/>.</param>
[MemoryPackable]
internal sealed partial record SliceCacheEntry(
    long Stamp, long ExpiresAt, long[] Edges, string[] Names, int[] Series, ColumnCacheEntry[] Columns, string[] Refused, string[]? Asked)
{
    public const byte Version = 3;

    public static SliceCacheEntry Pack(CachedSlice slice, long stamp, long expiresAt)
    {
        var places = new Dictionary<string, int>();
        var series = slice.Facts.Series.SelectMany(one => new[] { PlaceOf(one.QueueId), PlaceOf(one.MediaType) }).ToArray();
        return new(
            stamp,
            expiresAt,
            [.. slice.Facts.Edges.Select(edge => edge.ToUnixTimeTicks())],
            [.. places.Keys],
            series,
            [.. slice.Facts.Columns.Select(ColumnCacheEntry.Pack)],
            [.. slice.Refused],
            slice.Asked.IsEverything ? null : [.. slice.Asked.Ids]);

        int PlaceOf(string name)
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, name, out var exists);
            return exists ? place : place = places.Count - 1;
        }
    }

    public CachedSlice Unpack(Instant fetchedAt)
    {
        // Thousands of slices share the names, whether they come from Genesys or from here.
        var names = Array.ConvertAll(Names, string.Intern);
        var series = ImmutableArray.CreateBuilder<FactSeries>(Series.Length / 2);
        for (var i = 0; i < Series.Length; i += 2)
        {
            series.Add(new FactSeries(names[Series[i]], names[Series[i + 1]]));
        }

        return new(
            new AggregateFacts([.. Edges.Select(Instant.FromUnixTimeTicks)], series.MoveToImmutable(), [.. Columns.Select(column => column.Unpack())]),
            fetchedAt,
            [.. Refused])
        {
            Asked = Asked is null ? QueueSet.Everything : QueueSet.Of(Asked.Select(string.Intern)),
        };
    }
}

[MemoryPackable]
internal sealed partial record ColumnCacheEntry(
    string Metric, int[] Cells, long[]? Count, double[]? Sum, double[]? Min, double[]? Max,
    double[]? Numerator, double[]? Denominator, double[]? Target, double[]? P95, double[]? P99, InvalidStatisticCacheEntry[]? Odd)
{
    public static ColumnCacheEntry Pack(FactColumn column) => new(
        column.Metric, column.Cells, column.Count, column.Sum, column.Min, column.Max,
        column.Numerator, column.Denominator, column.Target, column.P95, column.P99,
        column.Odd is { } odd ? Array.ConvertAll(odd, one => new InvalidStatisticCacheEntry(one.Row, (int)one.Statistic, one.Value)) : null);

    public FactColumn Unpack() => new()
    {
        Metric = string.Intern(Metric),
        Cells = Cells,
        Count = Count,
        Sum = Sum,
        Min = Min,
        Max = Max,
        Numerator = Numerator,
        Denominator = Denominator,
        Target = Target,
        P95 = P95,
        P99 = P99,
        Odd = Odd is { } odd ? Array.ConvertAll(odd, one => new InvalidStatistic(one.Row, (Statistic)one.Statistic, one.Value)) : null,
    };
}

[MemoryPackable]
internal sealed partial record InvalidStatisticCacheEntry(int Row, int Statistic, string Value);
