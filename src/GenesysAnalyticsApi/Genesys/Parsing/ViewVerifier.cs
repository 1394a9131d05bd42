using System.Collections.Immutable;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Compares each view of a reply with its target metric in the same reply. Genesys omits views without events, so a missing view usually means that
/// no event is below the bound. But if a server ignores views, its reply has none either, which would look like a service level of 0. The target
/// metric distinguishes the two cases: if its minimum is below the bound, the view must have an event.
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
        var (target, given) = (ColumnOf(facts, view.Target), ColumnOf(facts, view.Column));
        var (unknownTargets, unknownCounts) = (InvalidRows(target), InvalidRows(given));
        int[] impossible = [.. (target?.Cells ?? []).Union(given?.Cells ?? []).Where(cell => !IsPossible(cell)).Order()];
        return impossible is []
            ? facts
            : facts with { Columns = [.. facts.Columns.Where(column => column.Metric != view.Column), WithInvalid(given ?? new FactColumn { Metric = view.Column, Cells = [] }, impossible)] };

        bool IsPossible(int cell)
        {
            var (targetRow, viewRow) = (RowOf(target, cell), RowOf(given, cell));
            var (all, within) = (CountAt(target, targetRow), CountAt(given, viewRow));
            if (all < 0 || within < 0 || unknownTargets.Contains(targetRow) || unknownCounts.Contains(viewRow))
            {
                // One of them is unknown, so they cannot be compared.
                return true;
            }

            var mustHaveOne = all > 0 && At(target?.Min, targetRow) < view.Below;
            var mustHaveAll = all > 0 && At(target?.Max, targetRow) < view.Below;
            return within <= all && (within > 0 || !mustHaveOne) && (within == all || !mustHaveAll);
        }
    }

    /// <summary>Adds the cells that the column lacks, and marks the counts of all these cells as invalid.</summary>
    private static FactColumn WithInvalid(FactColumn given, int[] cells)
    {
        int[] all = [.. given.Cells.Union(cells).Order()];
        var merged = new StatisticAccumulator(given.Metric, all.Length, [given, new FactColumn { Metric = given.Metric, Cells = [], Count = [] }]);
        merged.Add(given, Array.ConvertAll(given.Cells, cell => Array.BinarySearch(all, cell)));
        var rows = Array.ConvertAll(cells, cell => Array.BinarySearch(all, cell));
        Array.ForEach(rows, row => merged.Count![row] = 0);
        var column = merged.ToFacts(all);
        return column with { Invalid = [.. column.Invalid ?? [], .. rows.Select(row => new InvalidStatistic(row, Statistic.Count, Contradiction))] };
    }

    private static FactColumn? ColumnOf(AggregateFacts facts, string metric) => facts.Columns.FirstOrDefault(column => column.Metric == metric);

    private static int RowOf(FactColumn? column, int cell) => column is null ? -1 : Array.BinarySearch(column.Cells, cell);

    private static HashSet<int> InvalidRows(FactColumn? column) =>
        [.. (column?.Invalid ?? []).Where(one => one.Statistic is Statistic.Count or Statistic.All).Select(one => one.Row)];

    private static long CountAt(FactColumn? column, int row) => row < 0 ? 0 : column!.Count?[row] ?? 0;

    /// <summary>Returns NaN if the statistic is missing, so that a comparison with the bound is false.</summary>
    private static double At(double[]? values, int row) => values is null || row < 0 ? double.NaN : values[row];
}
