using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues.Directory;
using MemoryPack;
using NodaTime;

namespace GenesysAnalyticsApi.Redis;

/// <summary>A queue as it lies in Redis. What is read may be anything: <see cref="Fault"/> comes before <see cref="Unpack"/>.</summary>
[MemoryPackable]
internal sealed partial record QueueCacheEntry(
    string Id, string Name, string? DivisionId, string? DivisionName, int? MemberCount, ServiceLevelCacheEntry?[] ServiceLevels, long LastSeen, bool Listed)
{
    private const int MostText = 4_096;

    public static QueueCacheEntry Pack(SharedQueue shared, ReplicaTime time) => new(
        shared.Queue.Id,
        shared.Queue.Name,
        shared.Queue.DivisionId,
        shared.Queue.DivisionName,
        shared.Queue.MemberCount,
        [.. shared.Queue.ServiceLevels.Select(level => new ServiceLevelCacheEntry(level.Key, level.Value.Target, level.Value.DurationMs))],
        time.Of(shared.LastSeen).ToUnixTimeTicks(),
        shared.Listed);

    /// <returns>What no replica would have written; null where it can be unpacked.</returns>
    public string? Fault() =>
        !(RedisText.IsValid(Id, MostText) && Id is not "" && RedisText.IsValid(Name, MostText)
            && RedisText.IsValidOrNull(DivisionId, MostText) && RedisText.IsValidOrNull(DivisionName, MostText)) ? "a text of a queue is not valid"
        : LastSeen < Instant.MinValue.ToUnixTimeTicks() || LastSeen > Instant.MaxValue.ToUnixTimeTicks() ? "a time of a queue is not valid"
        : ServiceLevels is null || !Array.TrueForAll(ServiceLevels, IsValid) ? "a service level is not valid"
        : ServiceLevels.DistinctBy(level => level!.MediaType).Count() < ServiceLevels.Length ? "a media type is there twice"
        : null;

    // JSON has neither NaN nor infinity.
    private static bool IsValid(ServiceLevelCacheEntry? level) =>
        level is not null && RedisText.IsValid(level.MediaType, MostText) && (level.Target is not { } target || double.IsFinite(target));

    /// <param name="readAt">When the listing was read: no queue was seen later.</param>
    public SharedQueue Unpack(ReplicaTime time, Instant readAt) => new(
        new GenesysQueue(
            Id, Name, DivisionId, DivisionName, MemberCount,
            ServiceLevels.ToDictionary(level => level!.MediaType, level => new QueueServiceLevel(level!.Target, level.DurationMs))),
        Instant.Min(time.At(Instant.FromUnixTimeTicks(LastSeen)) ?? readAt, readAt),
        Listed);
}

[MemoryPackable]
internal sealed partial record ServiceLevelCacheEntry(string MediaType, double? Target, long? DurationMs);
