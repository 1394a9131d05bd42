using GenesysAnalyticsApi.Aggregates.Request;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>
/// Fills the grid of a response. Queues: the selected ones, or else those with rows. Media types: the requested ones, or else those with data for the
/// queue. A queue without data gets one row per bucket with a null media type.
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
            // Rows rolled up over all queues exist even if there is no data.
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
