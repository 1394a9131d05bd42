using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>
/// Pairs the buckets of a response with those of the compared interval by local time. Of an hour that occurs twice, the first is paired with the
/// first. An hour that only one of the intervals has is not paired.
/// </summary>
internal static class BucketPairs
{
    private const int None = -1;

    /// <summary>By bucket of the plan: the bucket of the plan of the compared interval, or a negative number.</summary>
    public static IReadOnlyList<int> Of(SlicePlan plan, AggregatesQuery query)
    {
        var (comparison, previous) = (query.Comparison!, plan.Previous!);
        if (query.Granularity is not { } granularity)
        {
            return [previous.Has(0) ? 0 : None];
        }

        var before = Starts(previous, granularity, query.Zone).Index().Where(start => previous.Has(start.Index)).ToDictionary(start => start.Item, start => start.Index);
        return [.. Starts(plan, granularity, query.Zone).Select(start =>
            comparison.Shift.Back(start.Local) is { } local ? before.GetValueOrDefault((local, start.Occurrence), None) : None)];
    }

    /// <summary>The buckets of the compared interval without a partner, which therefore are in no record.</summary>
    public static IReadOnlyList<int> Unpaired(SlicePlan previous, IReadOnlyList<int> partnerOf)
    {
        var paired = partnerOf.ToHashSet();
        return [.. Enumerable.Range(0, previous.Edges.Length - 1).Where(bucket => previous.Has(bucket) && !paired.Contains(bucket))];
    }

    /// <summary>The local start of each bucket, and how many buckets before it have the same. A start that a clock change moved counts as unmoved.</summary>
    private static IEnumerable<(LocalDateTime Local, int Occurrence)> Starts(SlicePlan plan, Granularity granularity, DateTimeZone zone)
    {
        var occurrences = new Dictionary<LocalDateTime, int>();
        foreach (var edge in plan.Edges[..^1])
        {
            var local = Nominal(edge.InZone(zone).LocalDateTime, granularity);
            var occurrence = occurrences.GetValueOrDefault(local);
            occurrences[local] = occurrence + 1;
            yield return (local, occurrence);
        }
    }

    private static LocalDateTime Nominal(LocalDateTime start, Granularity granularity)
    {
        var minute = (start.Hour * 60) + start.Minute;
        return granularity.Unit == GranularityUnit.Clock
            ? start.Date.AtMidnight().PlusMinutes(minute / granularity.Minutes * granularity.Minutes)
            : start.Date.AtMidnight();
    }
}
