using System.Collections.Immutable;
using GenesysAnalyticsApi.Catalog;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Folds the facts of slices into rows. Pure, and independent of the order of slices: first per queue × media type × bucket,
/// the finest a record can be; then merged over what the question does not keep apart. Only additive parts are touched here;
/// quotients are made last, by the record.
/// </summary>
internal static class AggregatesFold
{
    public static FoldedRows Fold(
        SlicePlan plan, IReadOnlyDictionary<SliceKey, SliceOutcome> outcomes, FoldScope scope)
    {
        var finest = new FinestRows(plan.Edges.Length - 1, scope);
        var parts = new List<(AggregateFacts Facts, int[] RowOfCell)>();
        foreach (var use in plan.Uses)
        {
            if (outcomes.TryGetValue(use.Slice.Key, out var outcome) && outcome.Facts is { } facts)
            {
                parts.Add((facts, finest.RowsOf(facts, use, plan.Edges)));
            }
        }

        var columns = Columns(parts, finest.Rows.Count);
        return RowMerge.Merge([.. finest.Rows], columns, scope);
    }

    private static Dictionary<string, StatColumns> Columns(List<(AggregateFacts Facts, int[] RowOfCell)> parts, int rows)
    {
        var columns = new Dictionary<string, StatColumns>(StringComparer.Ordinal);
        var byMetric = parts
            .SelectMany(part => part.Facts.Columns.Select(column => (column, part.RowOfCell)))
            .GroupBy(pair => pair.column.Metric, StringComparer.Ordinal);
        foreach (var metric in byMetric)
        {
            var folded = new StatColumns(metric.Key, rows, metric.Select(pair => pair.column));
            foreach (var (column, rowOfCell) in metric)
            {
                folded.Add(column, RowsOf(column.Cells, rowOfCell));
            }

            columns.Add(metric.Key, folded);
        }

        return columns;
    }

    private static int[] RowsOf(int[] cells, int[] rowOfCell)
    {
        var rows = new int[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            rows[i] = rowOfCell[cells[i]];
        }

        return rows;
    }
}

/// <summary>Which series belong to the answer, and what its rows are kept apart by.</summary>
/// <param name="QueueIds">Null for all queues.</param>
/// <param name="MediaTypes">Empty for all.</param>
/// <param name="DivisionOf">The division of a queue, null where it is not known.</param>
internal sealed record FoldScope(
    IReadOnlySet<string>? QueueIds, ImmutableArray<string> MediaTypes, Grouping GroupBy, Func<string, DirectoryQueue?> QueueOf)
{
    public bool Includes(FactSeries series) =>
        (QueueIds is null || QueueIds.Contains(series.QueueId))
        && (MediaTypes.IsEmpty || MediaTypes.Contains(series.MediaType, StringComparer.OrdinalIgnoreCase));
}

/// <summary>The finest rows of an answer: queue × media type × bucket, one for each that has a cell.</summary>
internal sealed class FinestRows(int buckets, FoldScope scope)
{
    private readonly Dictionary<FactSeries, int[]> _rowsOfSeries = [];

    public List<FoldedRow> Rows { get; } = [];

    /// <summary>For each cell of the facts the row it is added to; -1 where the question does not take it.</summary>
    public int[] RowsOf(AggregateFacts facts, SliceUse use, ImmutableArray<Instant> edges)
    {
        var bucketOf = new int[facts.BucketCount];
        for (var b = 0; b < bucketOf.Length; b++)
        {
            var start = facts.Edges[b];
            bucketOf[b] = start >= use.From && start < use.To ? Math.Min(FactsMerge.BucketAt(edges, start), buckets - 1) : -1;
        }

        var map = new int[facts.Series.Length * facts.BucketCount];
        Array.Fill(map, -1);
        foreach (var column in facts.Columns)
        {
            foreach (var cell in column.Cells)
            {
                var bucket = bucketOf[cell % bucketOf.Length];
                if (map[cell] < 0 && bucket >= 0)
                {
                    map[cell] = RowOf(facts.Series[cell / bucketOf.Length], bucket);
                }
            }
        }

        return map;
    }

    private int RowOf(FactSeries series, int bucket)
    {
        if (!_rowsOfSeries.TryGetValue(series, out var rows))
        {
            rows = scope.Includes(series) ? new int[buckets] : [];
            _rowsOfSeries.Add(series, rows);
        }

        if (rows.Length == 0)
        {
            return -1;
        }

        // 0 is "none yet", so that a fresh array needs no filling.
        if (rows[bucket] == 0)
        {
            Rows.Add(new FoldedRow(new RowGroup(series.QueueId, series.MediaType, null), bucket));
            rows[bucket] = Rows.Count;
        }

        return rows[bucket] - 1;
    }
}
