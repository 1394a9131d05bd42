namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// The full grid of an answer. Queues: those asked for, else those with rows. Media types: those asked for, else those the queue
/// has in the answer; a queue that has none gets one row per bucket whose media type is null.
/// </summary>
internal static class ZeroFill
{
    public static IEnumerable<FoldedRow> Grid(
        IReadOnlyList<FoldedRow> rows, AggregatesQuery query, FoldScope scope, int buckets) =>
        Groups([.. rows.Select(row => row.Group).Distinct()], query, scope)
            .Distinct()
            .SelectMany(group => Enumerable.Range(0, buckets).Select(bucket => new FoldedRow(group, bucket)));

    private static IEnumerable<RowGroup> Groups(IReadOnlyList<RowGroup> present, AggregatesQuery query, FoldScope scope)
    {
        // Rows that are not kept apart by queue have at least one owner, however quiet the interval was.
        var seen = present.Select(group => group with { MediaType = null });
        var owners = !query.GroupBy.HasFlag(Grouping.Queue) ? seen.DefaultIfEmpty()
            : scope.Selection.All ? seen
            : scope.Selection.QueueIds.Select(id => new RowGroup(id, null, query.GroupBy.HasFlag(Grouping.Division) ? scope.QueueOf(id)?.DivisionId : null));

        var mediaTypes = present.ToLookup(group => group with { MediaType = null }, group => group.MediaType);
        foreach (var owner in owners)
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
