using GenesysAnalyticsApi.Directories;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>A queue in the directory. A queue that Genesys no longer lists keeps its last known details.</summary>
/// <param name="LastSeen">When Genesys last listed the queue.</param>
/// <param name="Listed">Whether the current listing contains the queue.</param>
internal sealed record QueueEntry(
    string Id,
    string Name,
    string? DivisionId,
    string? DivisionName,
    int? MemberCount,
    IReadOnlyDictionary<string, QueueServiceLevel> ServiceLevels,
    Instant LastSeen,
    bool Listed) : IDirectoryEntry<QueueEntry>
{
    /// <summary>The folded name against which patterns are matched. It is computed once, because every query with a pattern compares every queue.</summary>
    public string FoldedName { get; } = NameFolding.Folded(Name);

    public QueueEntry AsUnlisted() => this with { Listed = false };
}
