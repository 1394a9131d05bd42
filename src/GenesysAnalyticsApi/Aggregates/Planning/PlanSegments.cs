using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Divides a plan into segments of time that can be read and folded one after the other. A segment consists of whole buckets, and the windows of its
/// slices lie within the segment; only a window of the last segment can end after it. All windows of one bucket, such as the days of a week, are in the same
/// segment.
/// </summary>
internal static class PlanSegments
{
    /// <param name="plan">A plan that includes all time of its interval and has no compared interval.</param>
    /// <param name="maxBuckets">Adjacent segments are joined up to this many buckets. A segment that cannot be divided can have more.</param>
    public static IReadOnlyList<SlicePlan> Of(SlicePlan plan, int maxBuckets)
    {
        var segments = new List<SlicePlan>();
        var (first, last) = (0, 0);
        foreach (var cut in Cuts(plan))
        {
            if (cut - first > maxBuckets && last > first)
            {
                segments.Add(Between(plan, first, last));
                first = last;
            }

            last = cut;
        }

        segments.Add(Between(plan, first, last));
        return segments;
    }

    /// <summary>The indexes of the edges, except the first, that no window crosses.</summary>
    private static IEnumerable<int> Cuts(SlicePlan plan)
    {
        var windows = plan.Windows.OrderBy(window => window.From).ToList();
        var (next, latestEnd, end) = (0, Instant.MinValue, plan.Edges.Length - 1);
        for (var edge = 1; edge < end; edge++)
        {
            for (; next < windows.Count && windows[next].From < plan.Edges[edge]; next++)
            {
                latestEnd = Instant.Max(latestEnd, windows[next].To);
            }

            if (latestEnd <= plan.Edges[edge])
            {
                yield return edge;
            }
        }

        yield return end;
    }

    // Selects windows by their start. A window of the last segment can end after the last edge, because the bucket that contains the current time is read as a
    // whole. The first and the last segment have no outer bound, so that no window is lost.
    private static SlicePlan Between(SlicePlan plan, int first, int last)
    {
        var from = first == 0 ? Instant.MinValue : plan.Edges[first];
        var to = last == plan.Edges.Length - 1 ? Instant.MaxValue : plan.Edges[last];
        ImmutableArray<SliceWindow> windows = [.. plan.Windows.Where(window => window.From >= from && window.From < to)];
        return new SlicePlan(plan.Edges[first..(last + 1)], windows);
    }
}
