using System.Collections.Immutable;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Compares each view of a reply with its target metric in the same reply. Genesys omits views without events, so a missing view usually means that
/// no event is below the bound. But if a server ignores views, its reply contains no views either, which would look like a service level of 0. The target
/// metric distinguishes the two cases: if its minimum is below the bound, the view must contain an event.
/// </summary>
internal static class ViewVerifier
{
    /// <summary>The text that a warning shows instead of a count that cannot be correct.</summary>
    public const string Contradiction = "missing or contradicts its target metric";

    /// <summary>Marks each count of a view as invalid if the target metric contradicts it.</summary>
    public static AggregateFacts Verify(AggregateFacts facts, ImmutableArray<MetricView> views) =>
        views.Aggregate(facts, Verify);

    private static AggregateFacts Verify(AggregateFacts facts, MetricView view)
    {
        var (target, viewColumn) = (ColumnOf(facts, view.Target), ColumnOf(facts, view.Column));
        var (unknownTargets, unknownCounts) = (InvalidRows(target), InvalidRows(viewColumn));
        int[] impossible = [.. (target?.Cells ?? []).Union(viewColumn?.Cells ?? []).Where(cell => !IsPossible(cell)).Order()];
        return impossible is []
            ? facts
            : facts with
            {
                Columns =
                [
                    .. facts.Columns.Where(column => column.Metric != view.Column),
                    WithInvalid(viewColumn ?? new FactColumn { Metric = view.Column, Cells = [] }, impossible),
                ],
            };

        bool IsPossible(int cell)
        {
            var (targetRow, viewRow) = (RowOf(target, cell), RowOf(viewColumn, cell));
            var (targetCount, viewCount) = (CountAt(target, targetRow), CountAt(viewColumn, viewRow));
            if (targetCount < 0 || viewCount < 0 || unknownTargets.Contains(targetRow) || unknownCounts.Contains(viewRow))
            {
                // At least one of the two counts is unknown, so the counts cannot be compared.
                return true;
            }

            var mustHaveOne = targetCount > 0 && At(target?.Min, targetRow) < view.Below;
            var mustHaveAll = targetCount > 0 && At(target?.Max, targetRow) < view.Below;
            return viewCount <= targetCount && (viewCount > 0 || !mustHaveOne) && (viewCount == targetCount || !mustHaveAll);
        }
    }

    /// <summary>Marks the counts of the cells as invalid. Cells that the column lacks are added first.</summary>
    private static FactColumn WithInvalid(FactColumn viewColumn, int[] cells)
    {
        int[] all = [.. viewColumn.Cells.Union(cells).Order()];
        var withCount = new FactColumn { Metric = viewColumn.Metric, Cells = [], Count = [] };
        var merged = new StatisticAccumulator(viewColumn.Metric, all.Length, [viewColumn, withCount]);
        merged.Add(viewColumn, Array.ConvertAll(viewColumn.Cells, cell => Array.BinarySearch(all, cell)));
        var rows = Array.ConvertAll(cells, cell => Array.BinarySearch(all, cell));
        Array.ForEach(rows, row => merged.Count![row] = 0);
        var column = merged.ToFacts(all);
        return column with { Invalid = [.. column.Invalid ?? [], .. rows.Select(row => new InvalidStatistic(row, Statistic.Count, Contradiction))] };
    }

    private static FactColumn? ColumnOf(AggregateFacts facts, string metric) => facts.Columns.FirstOrDefault(column => column.Metric == metric);

    private static int RowOf(FactColumn? column, int cell) => column is null ? -1 : Array.BinarySearch(column.Cells, cell);

    private static HashSet<int> InvalidRows(FactColumn? column) =>
        [.. (column?.Invalid ?? []).Where(invalid => invalid.Statistic is Statistic.Count or Statistic.All).Select(invalid => invalid.Row)];

    private static long CountAt(FactColumn? column, int row) => row < 0 ? 0 : column!.Count?[row] ?? 0;

    /// <summary>Returns NaN if the statistic is missing, so a comparison with the bound is false.</summary>
    private static double At(double[]? values, int row) => values is null || row < 0 ? double.NaN : values[row];
}
