using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Text;
using MemoryPack;

namespace GenesysAnalyticsApi.Redis.Directories;

/// <summary>The form in which a queue is stored in Redis. Call <see cref="Validate"/> before <see cref="Unpack"/>.</summary>
[MemoryPackable]
internal sealed partial record QueueCacheEntry(
    [property: CheckedString] string Id, [property: CheckedString] string Name, [property: CheckedString] string? DivisionId,
    [property: CheckedString] string? DivisionName, int? MemberCount, ServiceLevelCacheEntry?[] ServiceLevels, long LastSeen, bool Listed)
    : IDirectoryCacheEntry<QueueCacheEntry, QueueEntry>
{
    private const int MaxTextLength = 4_096;

    public static byte Version => 2;

    public static string Noun => "a queue";

    public static QueueCacheEntry Pack(QueueEntry queue, SharedTime time) => new(
        queue.Id, queue.Name, queue.DivisionId, queue.DivisionName, queue.MemberCount,
        [.. queue.ServiceLevels.Select(level => new ServiceLevelCacheEntry(level.Key, level.Value.Target, level.Value.DurationMs))],
        time.ToShared(queue.LastSeen).ToUnixTimeTicks(),
        queue.Listed);

    /// <returns>What is invalid; null for a queue that a replica could have written.</returns>
    public string? Validate() =>
        !(UnicodeText.IsValid(Id, MaxTextLength) && Id is not "" && UnicodeText.IsValid(Name, MaxTextLength)
            && UnicodeText.IsValidOrNull(DivisionId, MaxTextLength) && UnicodeText.IsValidOrNull(DivisionName, MaxTextLength)) ? "the text of a queue is invalid"
        : LastSeen < Instant.MinValue.ToUnixTimeTicks() || LastSeen > Instant.MaxValue.ToUnixTimeTicks() ? "the time of a queue is invalid"
        : ServiceLevels is null || !Array.TrueForAll(ServiceLevels, IsValid) ? "a service level is invalid"
        : ServiceLevels.DistinctBy(level => level!.MediaType).Count() < ServiceLevels.Length ? "a media type is duplicated"
        : null;

    // Responses contain the target as JSON, and JSON has neither NaN nor infinity.
    private static bool IsValid(ServiceLevelCacheEntry? level) =>
        level is not null && UnicodeText.IsValid(level.MediaType, MaxTextLength) && (level.Target is not { } target || double.IsFinite(target));

    /// <param name="readAt">When the listing was read. No queue can have been seen later.</param>
    public QueueEntry Unpack(SharedTime time, Instant readAt) => new(
        Id, Name, DivisionId, DivisionName, MemberCount,
        ServiceLevels.ToDictionary(level => level!.MediaType, level => new QueueServiceLevel(level!.Target, level.DurationMs)),
        Instant.Min(time.FromShared(Instant.FromUnixTimeTicks(LastSeen)) ?? readAt, readAt),
        Listed);
}

[MemoryPackable]
internal sealed partial record ServiceLevelCacheEntry([property: CheckedString] string MediaType, double? Target, long? DurationMs);
