using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>
/// Folds the facts of slices into rows. Pure, and independent of the order of slices: first per queue × media type × bucket,
/// the finest a record can be; then merged over what the question does not keep apart. Only additive parts are touched here;
/// quotients are made last, by the record.
/// </summary>
internal static class AggregatesFold
{
    public static FoldedRows Fold(
        SlicePlan plan, IReadOnlyDictionary<SliceKey, SliceResult> outcomes, FoldScope scope)
    {
        var finest = new CellRows(plan.Edges.Length - 1, scope);
        var parts = new List<(AggregateFacts Facts, int[] RowOfCell)>();
        foreach (var use in plan.Uses)
        {
            if (outcomes.TryGetValue(use.Slice.Key, out var outcome) && outcome.Facts is { } facts)
            {
                parts.Add((facts, finest.RowsOf(facts, use, plan.Edges)));
            }
        }

        var columns = Columns(parts, finest.Rows.Count);
        var folded = RowRollup.Merge(finest.Rows, columns, CallbackCoverage.Of(finest.Rows, parts), scope);

        // Of the finest rows, which name the queue; and sums that grew too large only where rows were merged.
        var grown = LeftOut(folded.Columns.Values, folded.Rows).Where(odd => odd.Value == StatisticAccumulator.BeyondRange);
        return folded with { Odd = [.. LeftOut(columns.Values, finest.Rows).Concat(grown).Distinct()] };
    }

    private static IEnumerable<OmittedStatistic> LeftOut(IEnumerable<StatisticAccumulator> columns, RowIndex rows) =>
        columns.SelectMany(column => column.Invalid.Select(odd => new OmittedStatistic(rows.RowAt(odd.Row).Group, column.Metric, odd.Statistic, odd.Value)));

    private static Dictionary<string, StatisticAccumulator> Columns(List<(AggregateFacts Facts, int[] RowOfCell)> parts, int rows)
    {
        var columns = new Dictionary<string, StatisticAccumulator>(StringComparer.Ordinal);
        var byMetric = parts
            .SelectMany(part => part.Facts.Columns.Select(column => (column, part.RowOfCell)))
            .GroupBy(pair => pair.column.Metric, StringComparer.Ordinal);
        foreach (var metric in byMetric)
        {
            var folded = new StatisticAccumulator(metric.Key, rows, metric.Select(pair => pair.column));
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

/// <summary>Which series belong to an answer, what its rows are kept apart by, and what is known of their queues.</summary>
/// <param name="Directory">As the caller may see it; null while the queue listing has never been read.</param>
internal sealed record FoldScope(
    ResolvedQueues Selection, ImmutableArray<string> MediaTypes, Grouping GroupBy, QueueDirectorySnapshot? Directory)
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
