using GenesysAnalyticsApi.Genesys;
using NodaTime;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>A queue as the directory knows it. One that Genesys no longer lists keeps what was last known of it.</summary>
/// <param name="LastSeen">The last listing that had it.</param>
/// <param name="Listed">Whether the listing in force has it.</param>
internal sealed record DirectoryQueue(
    string Id,
    string Name,
    string? DivisionId,
    string? DivisionName,
    int? MemberCount,
    IReadOnlyDictionary<string, QueueServiceLevel> ServiceLevels,
    Instant LastSeen,
    bool Listed)
{
    /// <summary>The name as patterns look at it. Made once: every question with a pattern looks at every queue.</summary>
    public string FoldedName { get; } = QueueNameComparison.Folded(Name);
}

/// <summary>By name without regard to case, then by exact name, then by id: total, so that a page can begin after any queue.</summary>
internal sealed class QueueOrder : IComparer<DirectoryQueue>
{
    public static readonly QueueOrder Instance = new();

    public int Compare(DirectoryQueue? x, DirectoryQueue? y) =>
        x is null || y is null ? Comparer<object>.Default.Compare(x, y) : Compare(x, y.Name, y.Id);

    public static int Compare(DirectoryQueue queue, string name, string id)
    {
        var byName = string.Compare(queue.Name, name, StringComparison.OrdinalIgnoreCase);
        if (byName == 0)
        {
            byName = string.CompareOrdinal(queue.Name, name);
        }

        return byName == 0 ? string.CompareOrdinal(queue.Id, id) : byName;
    }
}
