using GenesysAnalyticsApi.Aggregates.Request;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>
/// The full grid of an answer. Queues: those asked for, else those with rows. Media types: those asked for, else those the queue
/// has in the answer; a queue that has none gets one row per bucket whose media type is null.
/// </summary>
internal static class ZeroFill
{
    /// <summary>The groups that have a record in every bucket.</summary>
    public static IEnumerable<RowGroup> Groups(IReadOnlyList<RowGroup> present, AggregatesQuery query, FoldScope scope)
    {
        var (byQueue, byDivision) = (query.GroupBy.HasFlag(Grouping.Queue), query.GroupBy.HasFlag(Grouping.Division));
        var owners = scope.Selection.All
            ? present.Select(group => group with { MediaType = null })
            : scope.Selection.QueueIds.Select(id => new RowGroup(byQueue ? id : null, null, byDivision ? scope.QueueOf(id)?.DivisionId : null));
        if (!byQueue && !byDivision)
        {
            // What is merged over all queues is there however quiet the interval was.
            owners = owners.DefaultIfEmpty();
        }

        var mediaTypes = present.ToLookup(group => group with { MediaType = null }, group => group.MediaType);
        foreach (var owner in owners.Distinct())
        {
            var own = !query.GroupBy.HasFlag(Grouping.MediaType) ? [null]
                : !query.MediaTypes.IsEmpty ? query.MediaTypes
                : mediaTypes[owner].DefaultIfEmpty();
            foreach (var mediaType in own)
            {
                yield return owner with { MediaType = mediaType };
            }
        }
    }
}
