using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Queues.Directory;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Redis;

/// <summary>The queue listing in Redis.</summary>
internal sealed class RedisQueueDirectory(RedisConnection redis, RedisKeys keys, ReplicaTime time, TimeProvider clock) : ISharedQueueDirectory
{
    private const byte Version = 2;
    private const string Kind = "directory";

    /// <summary>A queue has some 200 bytes; there are at most half a million.</summary>
    private const int MostBytes = 128 * 1024 * 1024;

    // Long past any outage; names of deleted queues are read from Genesys nowhere else.
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    // Longer than many pages take; who has waited so long reads for himself.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    public async Task<SharedListing?> LoadAsync(CancellationToken cancellationToken)
    {
        await redis.WaitForStartAsync(cancellationToken);
        var bytes = await redis.BytesOfAsync(Key, MostBytes, Kind, cancellationToken);
        if (VersionedPayload.Read<QueueCacheEntry?[]>(Version, bytes) is { } shared && FaultOf(shared.Body) is var fault)
        {
            if (fault is null && time.At(shared.Stamp) is { } readAt)
            {
                return new SharedListing(readAt, [.. shared.Body.Select(queue => queue!.Unpack(time, readAt))]);
            }

            await redis.DropInvalidAsync(Key, Kind, fault ?? "it is from the future");
        }
        else if (VersionedPayload.ClaimsToBe(Version, bytes))
        {
            await redis.DropInvalidAsync(Key, Kind, "it cannot be read");
        }

        return null;
    }

    public async Task SaveAsync(SharedListing listing, CancellationToken cancellationToken)
    {
        // A replica whose reading took long must not put an older listing over a younger one.
        byte[]? head = await redis.AskAsync(
            database => database.StringGetRangeAsync(Key, 0, VersionedPayload.HeadLength - 1), RedisValue.Null, cancellationToken);
        if (VersionedPayload.StampOf(Version, head) is { } stamp && time.At(stamp) > listing.ReadAt)
        {
            return;
        }

        var bytes = VersionedPayload.Write(Version, time.Of(listing.ReadAt), listing.Queues.Select(queue => QueueCacheEntry.Pack(queue, time)).ToArray());
        await redis.AskAsync(database => database.StringSetAsync(Key, bytes, Life), otherwise: false, cancellationToken);
    }

    public async Task<IAsyncDisposable> WaitForTurnAsync(CancellationToken cancellationToken)
    {
        var turn = await TryTakeTurnAsync(cancellationToken);
        for (var waited = TimeSpan.Zero; turn is null && waited < LongestWait; waited += BetweenLooks)
        {
            await Task.Delay(BetweenLooks, clock, cancellationToken);
            turn = await TryTakeTurnAsync(cancellationToken);
        }

        return turn ?? NoLock.Instance;
    }

    private static string? FaultOf(QueueCacheEntry?[] queues)
    {
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var queue in queues)
        {
            if (queue?.Fault() is var fault && (queue is null || fault is not null))
            {
                return fault ?? "a queue is missing";
            }

            if (!ids.Add(GenesysId.Canonical(queue.Id)))
            {
                return "a queue is there twice";
            }
        }

        return null;
    }

    private Task<IAsyncDisposable?> TryTakeTurnAsync(CancellationToken cancellationToken) =>
        RedisLock.TryTakeAsync(redis, keys.Of("directory-turn"), RedisLock.Life, clock, note: "", cancellationToken);

    private string Key => keys.Of("directory");
}
