using System.Collections.Immutable;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// Keeps only the facts of the requested queues. Otherwise, the other queues would be counted twice if Genesys ignored the queue filter of a request, because
/// another request fetches them too.
/// </summary>
internal static class QueueFactsFilter
{
    public static AggregateFacts KeepRequested(AggregateFacts facts, ImmutableArray<string> queueIds)
    {
        var requested = queueIds.ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (facts.Series.All(series => requested.Contains(series.QueueId)))
        {
            return facts;
        }

        var kept = ImmutableArray.CreateBuilder<FactSeries>();
        var indexOf = facts.Series.Select(series =>
        {
            if (!requested.Contains(series.QueueId))
            {
                return -1;
            }

            kept.Add(series);
            return kept.Count - 1;
        }).ToArray();
        var buckets = facts.BucketCount;
        return facts with { Series = kept.ToImmutable(), Columns = [.. facts.Columns.Select(column => FilterColumn(column, indexOf, buckets)).Where(column => column.Cells is not [])] };
    }

    private static FactColumn FilterColumn(FactColumn column, int[] indexOf, int buckets)
    {
        int[] rows = [.. Enumerable.Range(0, column.Cells.Length).Where(row => indexOf[column.Cells[row] / buckets] >= 0)];
        return new()
        {
            Metric = column.Metric,
            Cells = [.. rows.Select(row => (indexOf[column.Cells[row] / buckets] * buckets) + (column.Cells[row] % buckets))],
            Count = column.Count is null ? null : Array.ConvertAll(rows, row => column.Count[row]),
            Sum = Pick(column.Sum, rows),
            Min = Pick(column.Min, rows),
            Max = Pick(column.Max, rows),
            Numerator = Pick(column.Numerator, rows),
            Denominator = Pick(column.Denominator, rows),
            Target = Pick(column.Target, rows),
            P95 = Pick(column.P95, rows),
            P99 = Pick(column.P99, rows),
            Invalid = InvalidOf(column.Invalid, rows),
        };
    }

    private static InvalidStatistic[]? InvalidOf(InvalidStatistic[]? invalid, int[] rows)
    {
        // The rows are ascending, as the binary search requires.
        InvalidStatistic[] kept =
        [
            .. (invalid ?? [])
                .Select(statistic => (Statistic: statistic, Row: Array.BinarySearch(rows, statistic.Row)))
                .Where(pair => pair.Row >= 0)
                .Select(pair => pair.Statistic with { Row = pair.Row }),
        ];
        return kept is [] ? null : kept;
    }

    private static double[]? Pick(double[]? figures, int[] rows) =>
        figures is not null && Array.Exists(rows, row => !double.IsNaN(figures[row])) ? Array.ConvertAll(rows, row => figures[row]) : null;
}
