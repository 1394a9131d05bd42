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

    public async Task<QueueDirectorySnapshot?> LoadAsync(CancellationToken cancellationToken)
    {
        await redis.WaitForStartAsync(cancellationToken);
        var bytes = await redis.GetBytesAsync(Key, MaxBytes, Kind, cancellationToken);
        if (!VersionedPayload.HasVersion(Version, bytes))
        {
            return null;
        }

        var shared = VersionedPayload.Read<QueueCacheEntry?[]>(Version, bytes);
        var fault = shared is null ? "unreadable" : Validate(shared.Value.Body);
        if (fault is null && time.FromShared(shared!.Value.Stamp) is { } readAt)
        {
            return new QueueDirectorySnapshot(readAt, shared.Value.Body.Select(queue => queue!.Unpack(time, readAt)));
        }

        await redis.DeleteInvalidAsync(Key, Kind, fault ?? "dated in the future");
        return null;
    }

    public async Task SaveAsync(QueueDirectorySnapshot listing, CancellationToken cancellationToken)
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
        for (var waited = TimeSpan.Zero; ; waited += PollInterval)
        {
            var taken = await RedisLock.TryTakeAsync(redis, keys.Of("directory-turn"), RedisLock.Life, clock, note: "", cancellationToken);
            if (taken is not null || waited >= MaxWait)
            {
                return taken;
            }

            await Task.Delay(PollInterval, clock, cancellationToken);
        }
    }

    private static string? Validate(QueueCacheEntry?[] queues)
    {
        var ids = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return queues.Select(Fault).FirstOrDefault(fault => fault is not null);

        string? Fault(QueueCacheEntry? queue) =>
            queue is null ? "a queue is missing"
            : queue.Validate() ?? (ids.Add(GenesysId.Canonical(queue.Id)) ? null : "a queue is duplicated");
    }

    private string Key => keys.Of("directory");
}
