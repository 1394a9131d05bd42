using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Folding;

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

        return posts;
    }

    /// <summary>Returns true if the metric is null for groups that do not post it.</summary>
    public static bool DependsOnPosting(string metric) => PostedMetrics.Contains(metric);

    /// <summary>Returns whether a group without data counts as posting. A callback group has not shown that it does.</summary>
    public static bool PostsWithoutData(RowGroup group, AggregatesQuery query) =>
        group.MediaType is { } own ? own != MediaTypes.Callback : query.MediaTypes is not [MediaTypes.Callback];
}
