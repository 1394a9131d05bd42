using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>Rolls rows up to the requested grouping, and records for which rows Genesys reports answers and abandons.</summary>
internal static class RowRollup
{
    /// <param name="reportsAnswers">For each of the finest groups, whether Genesys reports answers and abandons (<see cref="CallbackCoverage"/>).</param>
    public static FoldedRows Merge(RowIndex finest, Dictionary<string, StatisticAccumulator> columns, bool[] reportsAnswers, FoldScope scope)
    {
        var groupOf = GroupsOf(finest, scope, out var groups);
        var rows = new RowIndex(finest.BucketCount, groups);
        var rowOf = new int[finest.Count];
        for (var i = 0; i < rowOf.Length; i++)
        {
            rowOf[i] = rows.FindOrAdd(groupOf[finest.GroupOf(i)], finest.BucketOf(i));
        }

        var queueIds = finest.Groups.Select(group => group.QueueId!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var coverage = CoverageOf(finest, reportsAnswers, columns.GetValueOrDefault("nOffered")?.Count, groupOf, rowOf, rows);
        return new FoldedRows(rows, rows.Count == finest.Count ? columns : Merge(columns, rowOf, rows.Count), queueIds, coverage);
    }

    /// <summary>Returns, for each of the finest groups, the group into which it is rolled up.</summary>
    private static int[] GroupsOf(RowIndex finest, FoldScope scope, out IReadOnlyCollection<RowGroup> groups)
    {
        var known = new Dictionary<RowGroup, int>();
        var groupOf = new int[finest.Groups.Count];
        for (var i = 0; i < groupOf.Length; i++)
        {
            var group = RollUp(finest.Groups[i], scope);
            if (!known.TryGetValue(group, out groupOf[i]))
            {
                known.Add(group, groupOf[i] = known.Count);
            }
        }

        groups = known.Keys;
        return groupOf;
    }

    private static RowGroup RollUp(RowGroup finest, FoldScope scope) => new(
        scope.GroupBy.HasFlag(Grouping.Queue) ? finest.QueueId : null,
        scope.GroupBy.HasFlag(Grouping.MediaType) ? finest.MediaType : null,
        scope.GroupBy.HasFlag(Grouping.Division) ? scope.QueueOf(finest.QueueId!)?.DivisionId : null,
        finest.Values?.Only(Groupings.DimensionsOf(scope.GroupBy)));

    private static Dictionary<string, StatisticAccumulator> Merge(Dictionary<string, StatisticAccumulator> columns, int[] rowOf, int rows)
    {
        var merged = new Dictionary<string, StatisticAccumulator>(StringComparer.Ordinal);
        foreach (var (metric, column) in columns)
        {
            var source = column.ToFacts([]);
            merged.Add(metric, new StatisticAccumulator(metric, rows, [source]));
            merged[metric].Add(source, rowOf);
        }

        return merged;
    }

    /// <summary>
    /// A rolled-up group counts as having answers in every bucket if Genesys reports answers for any of its parts. The other parts are excluded from the rates.
    /// </summary>
    private static MetricCoverage CoverageOf(RowIndex finest, bool[] reportsAnswers, long[]? offered, int[] groupOf, int[] rowOf, RowIndex rows)
    {
        var coverage = new MetricCoverage(rows);
        for (var group = 0; group < reportsAnswers.Length; group++)
        {
            coverage.ReportsAnswers[groupOf[group]] |= reportsAnswers[group];
        }

        for (var i = 0; offered is not null && i < finest.Count; i++)
        {
            if (reportsAnswers[finest.GroupOf(i)])
            {
                coverage.Offered[rowOf[i]] = StatisticAccumulator.Plus(coverage.Offered[rowOf[i]], offered[i]);
            }
            else if (coverage.ReportsAnswers[rows.GroupOf(rowOf[i])])
            {
                coverage.Excluded += Math.Max(0, offered[i]);
            }
        }

        return coverage;
    }
}

/// <summary>
/// Determines for which queues and media types Genesys reports answers and abandons. Genesys reports them for agent-first callbacks but not for
/// customer-first callbacks, and only the figures show which kind of callback a queue has. If any bucket of the response contains tAnswered, tAbandon or
/// tShortAbandon for a queue, the callbacks of the queue are agent-first, and a missing metric means 0.
/// </summary>
internal static class CallbackCoverage
{
    private static readonly string[] AnswerMetrics = ["tAnswered", "tAbandon", "tShortAbandon"];

    /// <summary>Returns, for each of the finest groups, whether Genesys reports answers and abandons.</summary>
    public static bool[] Of(RowIndex finest, IReadOnlyList<(AggregateFacts Facts, int[] RowOfCell)> parts)
    {
        var reportsAnswers = new bool[finest.Groups.Count];
        for (var group = 0; group < reportsAnswers.Length; group++)
        {
            reportsAnswers[group] = finest.Groups[group].MediaType != MediaTypes.Callback;
        }

        if (Array.TrueForAll(reportsAnswers, known => known))
        {
            return reportsAnswers;
        }

        foreach (var (facts, rowOfCell) in parts)
        {
            foreach (var cell in facts.Columns.Where(column => AnswerMetrics.Contains(column.Metric)).SelectMany(column => column.Cells))
            {
                // Cells outside the query's window are ignored, so that the result does not depend on how far the slices extend beyond the window.
                if (rowOfCell[cell] is >= 0 and var row)
                {
                    reportsAnswers[finest.GroupOf(row)] = true;
                }
            }
        }

        Unite(finest.Groups, reportsAnswers);
        return reportsAnswers;
    }

    /// <summary>Gives all groups into which the figures of a queue are split the same result, because a queue has only one kind of callback.</summary>
    private static void Unite(IReadOnlyList<RowGroup> groups, bool[] reportsAnswers)
    {
        if (groups is not [{ Values: not null }, ..])
        {
            return;
        }

        var withAnswers = groups.Where((_, group) => reportsAnswers[group]).Select(group => group with { Values = null }).ToHashSet();
        for (var group = 0; group < reportsAnswers.Length; group++)
        {
            reportsAnswers[group] = withAnswers.Contains(groups[group] with { Values = null });
        }
    }

    /// <summary>Returns true if the metric is null for groups without reported answers.</summary>
    public static bool IsNullWithoutAnswers(string metric) => AnswerMetrics.Contains(metric) || metric == AnsweredWithin.Column;

    /// <summary>
    /// Returns whether the answers and abandons of a group without data are 0. For callbacks, they are null, because the kind of callback is unknown.
    /// </summary>
    public static bool ReportsAnswersWithoutData(RowGroup group, AggregatesQuery query) =>
        group.MediaType is { } mediaType ? mediaType != MediaTypes.Callback : query.MediaTypes is not [MediaTypes.Callback];
}
