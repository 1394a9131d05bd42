using GenesysAnalyticsApi.Genesys;
using MemoryPack;
using NodaTime;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Sharing;

/// <summary>The queue listing in Redis.</summary>
internal sealed class SharedDirectory(RedisConnection redis, RedisKeys keys, TimeProvider clock) : ISharedDirectory
{
    private const byte Version = 1;

    // Long past any outage; names of deleted queues are read from Genesys nowhere else.
    private static readonly TimeSpan Life = TimeSpan.FromDays(30);

    // Longer than many pages take; who has waited so long reads for himself.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    public async Task<SharedListing?> LoadAsync(CancellationToken cancellationToken)
    {
        await redis.WaitForStartAsync(cancellationToken);
        byte[]? bytes = await redis.AskAsync(database => database.StringGetAsync(Key), RedisValue.Null, cancellationToken);
        return SharedBytes.Read<PackedQueue[]>(Version, bytes) is { } shared
            ? new SharedListing(shared.Stamp, [.. shared.Body.Select(queue => queue.Unpack())])
            : null;
    }

    public async Task SaveAsync(SharedListing listing, CancellationToken cancellationToken)
    {
        // A replica whose reading took long must not put an older listing over a younger one.
        byte[]? head = await redis.AskAsync(
            database => database.StringGetRangeAsync(Key, 0, SharedBytes.HeadLength - 1), RedisValue.Null, cancellationToken);
        if (SharedBytes.StampOf(Version, head) is { } readAt && readAt > listing.ReadAt)
        {
            return;
        }

        var bytes = SharedBytes.Write(Version, listing.ReadAt, listing.Queues.Select(PackedQueue.Pack).ToArray());
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

    private Task<IAsyncDisposable?> TryTakeTurnAsync(CancellationToken cancellationToken) =>
        RedisLock.TryTakeAsync(redis, keys.Of("directory-turn"), RedisLock.Life, clock, cancellationToken);

    private string Key => keys.Of("directory");
}

[MemoryPackable]
internal sealed partial record PackedQueue(
    string Id, string Name, string? DivisionId, string? DivisionName, int? MemberCount, PackedServiceLevel[] ServiceLevels, long LastSeen, bool Listed)
{
    public static PackedQueue Pack(SharedQueue shared) => new(
        shared.Queue.Id,
        shared.Queue.Name,
        shared.Queue.DivisionId,
        shared.Queue.DivisionName,
        shared.Queue.MemberCount,
        [.. shared.Queue.ServiceLevels.Select(level => new PackedServiceLevel(level.Key, level.Value.Target, level.Value.DurationMs))],
        shared.LastSeen.ToUnixTimeTicks(),
        shared.Listed);

    public SharedQueue Unpack() => new(
        new GenesysQueue(
            Id, Name, DivisionId, DivisionName, MemberCount,
            ServiceLevels.ToDictionary(level => level.MediaType, level => new QueueServiceLevel(level.Target, level.DurationMs))),
        Instant.FromUnixTimeTicks(LastSeen),
        Listed);
}

[MemoryPackable]
internal sealed partial record PackedServiceLevel(string MediaType, double? Target, long? DurationMs);
