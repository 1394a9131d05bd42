using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Redis;

/// <summary>Shares the queue listing through Redis.</summary>
internal sealed class RedisQueueDirectory(RedisConnection redis, RedisKeys keys, ReplicaTime time, TimeProvider clock) : ISharedQueueDirectory
{
    private const byte Version = 2;
    private const string Kind = "directory";

    /// <summary>Half a million queues of about 200 bytes.</summary>
    private const int MaxBytes = 128 * 1024 * 1024;

    // Longer than any outage. Only the shared listing has the names of deleted queues; Genesys no longer lists them.
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    // Longer than many pages take. After that the replica reads the listing itself.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    public async Task<SharedListing?> LoadAsync(CancellationToken cancellationToken)
    {
        await redis.WaitForStartAsync(cancellationToken);
        var bytes = await redis.GetBytesAsync(Key, MaxBytes, Kind, cancellationToken);
        if (VersionedPayload.Read<QueueCacheEntry?[]>(Version, bytes) is { } shared && Validate(shared.Body) is var fault)
        {
            if (fault is null && time.FromShared(shared.Stamp) is { } readAt)
            {
                return new SharedListing(readAt, [.. shared.Body.Select(queue => queue!.Unpack(time, readAt))]);
            }

            await redis.DeleteInvalidAsync(Key, Kind, fault ?? "dated in the future");
        }
        else if (VersionedPayload.HasVersion(Version, bytes))
        {
            await redis.DeleteInvalidAsync(Key, Kind, "unreadable");
        }

        return null;
    }

    public async Task SaveAsync(SharedListing listing, CancellationToken cancellationToken)
    {
        // A replica that read slowly must not replace a newer listing by an older one.
        if (await redis.GetStampAsync(Key, Version, cancellationToken) is { } stamp && time.FromShared(stamp) > listing.ReadAt)
        {
            return;
        }

        var bytes = VersionedPayload.Write(Version, time.ToShared(listing.ReadAt), listing.Queues.Select(queue => QueueCacheEntry.Pack(queue, time)).ToArray());
        await redis.ExecuteAsync(database => database.StringSetAsync(Key, bytes, Life), fallback: false, cancellationToken);
    }

    public async Task<IAsyncDisposable?> WaitForTurnAsync(CancellationToken cancellationToken)
    {
        var taken = await TryTakeAsync(cancellationToken);
        for (var waited = TimeSpan.Zero; taken is null && waited < MaxWait; waited += PollInterval)
        {
            await Task.Delay(PollInterval, clock, cancellationToken);
            taken = await TryTakeAsync(cancellationToken);
        }

        return taken;
    }

    private static string? Validate(QueueCacheEntry?[] queues)
    {
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var queue in queues)
        {
            if (queue?.Validate() is var fault && (queue is null || fault is not null))
            {
                return fault ?? "a queue is missing";
            }

            if (!ids.Add(GenesysId.Canonical(queue.Id)))
            {
                return "a queue is duplicated";
            }
        }

        return null;
    }

    private Task<IAsyncDisposable?> TryTakeAsync(CancellationToken cancellationToken) =>
        RedisLock.TryTakeAsync(redis, keys.Of("directory-turn"), RedisLock.Life, clock, note: "", cancellationToken);

    private string Key => keys.Of("directory");
}
