using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>
/// Marks the counts of answers within the threshold in incomplete buckets. For every other quotient of a record, numerator and denominator are in one slice,
/// so both are missing if the slice fails. The numerator of <c>serviceLevelWithin</c> is in a separate slice: if only that slice failed, the service level
/// would be too low.
/// </summary>
internal static class UnfetchedParts
{
    /// <summary>
    /// The value of a statistic that was not fetched. The response already reports the failed slice, so the statistic needs no warning.
    /// </summary>
    public const string Value = "not fetched";

    /// <summary>
    /// Marks the rows of buckets for which a standard slice or a slice of the view is missing. The counts of these rows remain, but no quotient is computed
    /// from them.
    /// </summary>
    public static void Mark(
        Dictionary<string, StatisticAccumulator> columns, RowIndex rows, SlicePlan plan, IReadOnlyDictionary<SliceKey, SliceResult> outcomes)
    {
        if (BucketsWithGaps(plan, outcomes) is not { } gaps)
        {
            return;
        }

        if (!columns.TryGetValue(AnsweredWithin.Column, out var column))
        {
            columns.Add(AnsweredWithin.Column, column = new StatisticAccumulator(AnsweredWithin.Column, rows.Count, []));
        }

        int[] all = [.. Enumerable.Range(0, rows.Count)];
        InvalidStatistic[] unfetched = [.. all.Where(row => gaps[rows.BucketOf(row)]).Select(row => new InvalidStatistic(row, Statistic.Count, Value))];
        column.Add(new FactColumn { Metric = AnsweredWithin.Column, Cells = all, Invalid = unfetched }, all);
    }

    /// <summary>For each bucket, whether a slice is missing or incomplete; null if all slices are complete.</summary>
    private static bool[]? BucketsWithGaps(SlicePlan plan, IReadOnlyDictionary<SliceKey, SliceResult> outcomes)
    {
        bool[]? gaps = null;
        foreach (var window in plan.Windows.Where(window => IsPart(window.Slice.Metrics) && (!outcomes.TryGetValue(window.Slice.Key, out var outcome) || outcome.HasGaps)))
        {
            gaps ??= new bool[plan.Edges.Length - 1];
            for (var bucket = Math.Max(0, FactsMerger.BucketAt(plan.Edges, window.From)); bucket < gaps.Length && plan.Edges[bucket] < window.To; bucket++)
            {
                gaps[bucket] = true;
            }
        }

        return gaps;
    }

    private static bool IsPart(MetricGroup group) => group.IsStandard || group.Family == AnsweredWithin.Family;
}
