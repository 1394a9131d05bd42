using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>A queue in the directory. A queue that Genesys no longer lists keeps its last known details.</summary>
/// <param name="LastSeen">The last listing that contained it.</param>
/// <param name="Listed">Whether the current listing contains it.</param>
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
    /// <summary>The name as patterns match it. Computed once, because every query with a pattern matches every queue.</summary>
    public string FoldedName { get; } = QueueNameComparison.Folded(Name);
}

/// <summary>Sorts by case-insensitive name, then by exact name, then by id. The order is total, so that a page can start after any queue.</summary>
internal sealed class QueueOrder : IComparer<DirectoryQueue>
{
    public static readonly QueueOrder Instance = new();

    public int Compare(DirectoryQueue? x, DirectoryQueue? y) =>
        x is null || y is null ? Comparer<object>.Default.Compare(x, y) : Compare(x, y.Name, y.Id);

    public static int Compare(DirectoryQueue queue, string name, string id) =>
        string.Compare(queue.Name, name, StringComparison.OrdinalIgnoreCase) is not 0 and var ignoringCase ? ignoringCase
        : string.CompareOrdinal(queue.Name, name) is not 0 and var byName ? byName
        : string.CompareOrdinal(queue.Id, id);
}
