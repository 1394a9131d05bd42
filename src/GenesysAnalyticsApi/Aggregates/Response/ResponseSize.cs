using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>Estimates the size of a response from its slices, before the response is built.</summary>
internal static class ResponseSize
{
    /// <summary>
    /// Estimates the number of rows (queue × media type × bucket, split as the slices are) before any merging, because all these rows are in memory.
    /// </summary>
    public static int EstimateRows(LoadedQuery loaded)
    {
        var (query, selection, plan, read, names) = loaded;
        var facts = read.Values.Select(outcome => outcome.Facts).OfType<AggregateFacts>().ToList();

        // Without zero filling, every row has a cell in at least one column, and the longest column has a cell for nearly every row.
        var cells = facts.Sum(part => part.Columns.Select(column => (long)column.Cells.Length).DefaultIfEmpty().Max());
        if (!query.FillZero && cells <= LargeResponseLimiter.MaxUnlimitedRows)
        {
            return (int)cells;
        }

        var scope = new FoldScope(query, selection, names);
        var series = facts.SelectMany(part => part.Series).Distinct().Count(scope.Includes);
        var seriesWithoutData = query.FillZero && !selection.All ? selection.QueueIds.Length * Math.Max(1, query.MediaTypes.Length) * Math.Max(1, query.MessageTypes.Length) : 0;
        var rows = (series + seriesWithoutData) * (long)plan.Buckets;
        return (int)Math.Min(query.FillZero ? rows : Math.Min(rows, cells), int.MaxValue);
    }
}
