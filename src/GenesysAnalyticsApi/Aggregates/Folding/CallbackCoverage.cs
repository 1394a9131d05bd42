using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>
/// Which queue × media types post answers and abandons. Agent-first callbacks post them, customer-first callbacks do not, and
/// nothing but the figures tells one from the other. One of the three metrics, in any bucket of the answer, is enough: the queue's
/// callbacks are then agent-first, and what they do not post did not happen.
/// </summary>
internal static class CallbackCoverage
{
    private static readonly string[] Telling = ["tAnswered", "tAbandon", "tShortAbandon"];

    /// <summary>For each of the finest groups whether it posts.</summary>
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
            foreach (var cell in facts.Columns.Where(column => Telling.Contains(column.Metric)).SelectMany(column => column.Cells))
            {
                // A slice has cells that the question does not take: they tell nothing, so that the answer does not depend on the slices.
                if (rowOfCell[cell] is >= 0 and var row)
                {
                    posts[finest.GroupOf(row)] = true;
                }
            }
        }

        return posts;
    }

    /// <summary>Whether the metric is null for a group that does not post.</summary>
    public static bool Leave(string metric) => Telling.Contains(metric);

    /// <summary>Whether a group of which the answer has no figures counts as posting: no callback has shown that it does.</summary>
    public static bool OfSilent(RowGroup group, AggregatesQuery query) =>
        group.MediaType is { } own ? own != MediaTypes.Callback : query.MediaTypes is not [MediaTypes.Callback];
}
