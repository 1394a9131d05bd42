using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Which series belong to an answer, what its rows are kept apart by, and what is known of their queues.</summary>
/// <param name="Directory">As the caller may see it; null while the queue listing has never been read.</param>
internal sealed record FoldScope(
    QueueSelectionResult Selection, ImmutableArray<string> MediaTypes, Grouping GroupBy, QueueDirectorySnapshot? Directory)
{
    private readonly HashSet<string>? _queueIds = Selection.IsEverything ? null : new(Selection.Wanted, StringComparer.OrdinalIgnoreCase);

    private readonly Lazy<Dictionary<string, string?>> _divisionNames = new(() => (Directory?.Queues ?? [])
        .Where(queue => queue.DivisionId is not null)
        .GroupBy(queue => queue.DivisionId!, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.First().DivisionName, StringComparer.Ordinal));

    public bool Includes(FactSeries series) =>
        (_queueIds is null || _queueIds.Contains(series.QueueId))
        && (MediaTypes.IsEmpty || MediaTypes.Contains(series.MediaType, StringComparer.OrdinalIgnoreCase));

    public DirectoryQueue? QueueOf(string id) => Directory?.Find(id);

    public string? DivisionName(string id) => _divisionNames.Value.GetValueOrDefault(id);
}
