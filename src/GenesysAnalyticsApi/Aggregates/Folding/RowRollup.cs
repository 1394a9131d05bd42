using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>Rolls rows up to the requested grouping and tracks which metrics callbacks do not report.</summary>
internal static class RowRollup
{
    /// <param name="posts">For each of the finest groups, whether it posts answers and abandons (<see cref="CallbackCoverage"/>).</param>
    public static FoldedRows Merge(RowIndex finest, Dictionary<string, StatisticAccumulator> columns, bool[] posts, FoldScope scope)
    {
        var groupOf = GroupsOf(finest, scope, out var groups);
        var rows = new RowIndex(finest.Buckets, groups);
        var rowOf = new int[finest.Count];
        for (var i = 0; i < rowOf.Length; i++)
        {
            rowOf[i] = rows.FindOrAdd(groupOf[finest.GroupOf(i)], finest.BucketOf(i));
        }

        var queueIds = finest.Groups.Select(group => group.QueueId!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var posting = CoverageOf(finest, posts, columns.GetValueOrDefault("nOffered")?.Count, groupOf, rowOf, rows);
        return new FoldedRows(rows, rows.Count == finest.Count ? columns : Merge(columns, rowOf, rows.Count), queueIds, posting);
    }

    /// <summary>Returns, for each of the finest groups, the group it is rolled up into.</summary>
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

    /// <summary>A rolled-up group posts in every bucket if any of its parts posts. Parts that do not post are excluded from its rates.</summary>
    private static MetricCoverage CoverageOf(RowIndex finest, bool[] posts, long[]? offered, int[] groupOf, int[] rowOf, RowIndex rows)
    {
        var posting = new MetricCoverage(rows);
        for (var group = 0; group < posts.Length; group++)
        {
            posting.Posts[groupOf[group]] |= posts[group];
        }

        for (var i = 0; offered is not null && i < finest.Count; i++)
        {
            if (posts[finest.GroupOf(i)])
            {
                posting.Offered[rowOf[i]] = StatisticAccumulator.Plus(posting.Offered[rowOf[i]], offered[i]);
            }
            else if (posting.Posts[rows.GroupOf(rowOf[i])])
            {
                posting.Excluded += Math.Max(0, offered[i]);
            }
        }

        return posting;
    }
}

/// <summary>
/// Determines which queue × media types post answers and abandons. Agent-first callbacks post them, customer-first callbacks do not, and only the
/// figures show the difference. One of the three metrics in any bucket of the response shows that the queue's callbacks are agent-first; a missing
/// metric then means 0.
/// </summary>
internal static class CallbackCoverage
{
    private static readonly string[] PostedMetrics = ["tAnswered", "tAbandon", "tShortAbandon"];

    /// <summary>For each of the finest groups, whether it posts answers and abandons.</summary>
    public static bool[] Of(RowIndex finest, IReadOnlyList<(AggregateFacts Facts, int[] RowOfCell)> parts)
    {
        var posts = new bool[finest.Groups.Count];
        for (var group = 0; group < posts.Length; group++)
        {
            posts[group] = finest.Groups[group].MediaType != MediaTypes.Callback;
        }

        if (Array.TrueForAll(posts, known => known))
        {
            return posts;
        }

        foreach (var (facts, rowOfCell) in parts)
        {
            foreach (var cell in facts.Columns.Where(column => PostedMetrics.Contains(column.Metric)).SelectMany(column => column.Cells))
            {
                // Cells outside the query's window are ignored, so that the result does not depend on the slices.
                if (rowOfCell[cell] is >= 0 and var row)
                {
                    posts[finest.GroupOf(row)] = true;
                }
            }
        }

        Unite(finest.Groups, posts);
        return posts;
    }

    /// <summary>How the callbacks of a queue are handled does not depend on how their figures are split.</summary>
    private static void Unite(IReadOnlyList<RowGroup> groups, bool[] posts)
    {
        if (groups is not [{ Values: not null }, ..])
        {
            return;
        }

        var posting = groups.Where((_, group) => posts[group]).Select(group => group with { Values = null }).ToHashSet();
        for (var group = 0; group < posts.Length; group++)
        {
            posts[group] = posting.Contains(groups[group] with { Values = null });
        }
    }

    /// <summary>Returns true if the metric is null for groups that do not post it.</summary>
    public static bool DependsOnPosting(string metric) => PostedMetrics.Contains(metric) || metric == AnsweredWithin.Column;

    /// <summary>Returns whether a group without data counts as posting. A callback group has not shown that it does.</summary>
    public static bool PostsWithoutData(RowGroup group, AggregatesQuery query) =>
        group.MediaType is { } own ? own != MediaTypes.Callback : query.MediaTypes is not [MediaTypes.Callback];
}
