using GenesysAnalyticsApi.Genesys;

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
        var folded = RowMerge.Merge(finest.Rows, columns, CallbackPostings.Of(finest.Rows, parts), scope);

        // Of the finest rows, which name the queue; and sums that grew too large only where rows were merged.
        var grown = LeftOut(folded.Columns.Values, folded.Rows).Where(odd => odd.Value == StatColumns.BeyondRange);
        return folded with { Odd = [.. LeftOut(columns.Values, finest.Rows).Concat(grown).Distinct()] };
    }

    private static IEnumerable<LeftOut> LeftOut(IEnumerable<StatColumns> columns, RowGrid rows) =>
        columns.SelectMany(column => column.Odd.Select(odd => new LeftOut(rows.RowAt(odd.Row).Group, column.Metric, odd.Statistic, odd.Value)));

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
        if (cells.Length == rowOfCell.Length)
        {
            // Cells ascend without repeats: every cell is there.
            return rowOfCell;
        }

        var rows = new int[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            rows[i] = rowOfCell[cells[i]];
        }

        return rows;
    }
}
