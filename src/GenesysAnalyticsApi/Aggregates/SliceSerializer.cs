using GenesysAnalyticsApi.Sharing;
using ZiggyCreatures.Caching.Fusion.Internals;
using ZiggyCreatures.Caching.Fusion.Internals.Distributed;
using ZiggyCreatures.Caching.Fusion.Serialization;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Slices on their way to Redis and back. What cannot be read is not there; Genesys is asked instead.</summary>
/// <param name="redis">Tells of what is not valid.</param>
internal sealed partial class SliceSerializer(SharedTime time, ILogger<SliceCache> logger, RedisConnection? redis = null) : IFusionCacheSerializer
{
    private const string Kind = "slice";

    public byte[] Serialize<T>(T? obj) => obj is FusionCacheDistributedEntry<StoredSlice> entry
        ? SharedBytes.Write(
            PackedSlice.Version, time.Of(entry.Value.FetchedAt), PackedSlice.Pack(entry.Value, entry.Timestamp, entry.LogicalExpirationTimestamp))
        : throw new NotSupportedException($"Only slices are kept here, not {typeof(T)}.");

    public T? Deserialize<T>(byte[] data)
    {
        if (SharedBytes.Read<PackedSlice>(PackedSlice.Version, data) is not { } read)
        {
            if (SharedBytes.ClaimsToBe(PackedSlice.Version, data))
            {
                redis?.ToldInvalid(Kind, "it cannot be read");
            }
            else
            {
                Log.Unreadable(logger, data.Length);
            }

            return default;
        }

        if (PackedSliceCheck.FaultOf(read.Body) is { } fault)
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
        return (T)(object)new FusionCacheDistributedEntry<StoredSlice>(slice, read.Body.Stamp, read.Body.ExpiresAt, tags: null, metadata);
    }

    public ValueTask<byte[]> SerializeAsync<T>(T? obj, CancellationToken token = default) => ValueTask.FromResult(Serialize(obj));

    public ValueTask<T?> DeserializeAsync<T>(byte[] data, CancellationToken token = default) => ValueTask.FromResult(Deserialize<T>(data));

    private static partial class Log
    {
        [LoggerMessage(5010, LogLevel.Debug, "A slice in Redis could not be read and counts as missing: {Bytes} bytes")]
        public static partial void Unreadable(ILogger logger, int bytes);
    }
}
