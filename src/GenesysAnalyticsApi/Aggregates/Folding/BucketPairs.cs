using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>
/// Pairs the buckets of a response with the buckets of the compared interval by local time. If an hour occurs twice, its first occurrence is paired with
/// the first occurrence in the other interval. An hour that exists in only one of the intervals is not paired.
/// </summary>
internal static class BucketPairs
{
    private const int None = -1;

    /// <summary>Returns, for each bucket of the plan, its partner in the plan of the compared interval, or a negative number if there is none.</summary>
    public static IReadOnlyList<int> Of(SlicePlan plan, AggregatesQuery query)
    {
        var (comparison, previous) = (query.Comparison!, plan.Previous!);
        if (query.Granularity is not { } granularity)
        {
            return [previous.Includes(0) ? 0 : None];
        }

        var previousStarts = Starts(previous, granularity, query.Zone).Index()
            .Where(start => previous.Includes(start.Index))
            .ToDictionary(start => start.Item, start => start.Index);
        return [.. Starts(plan, granularity, query.Zone).Select(start =>
            comparison.Shift.Back(start.Local) is { } local ? previousStarts.GetValueOrDefault((local, start.Occurrence), None) : None)];
    }

    /// <summary>The buckets of the compared interval that have no partner and therefore appear in no record.</summary>
    public static IReadOnlyList<int> Unpaired(SlicePlan previous, IReadOnlyList<int> partnerOf)
    {
        var paired = partnerOf.ToHashSet();
        return [.. Enumerable.Range(0, previous.Edges.Length - 1).Where(bucket => previous.Includes(bucket) && !paired.Contains(bucket))];
    }

    /// <summary>
    /// The local start of each bucket, and the number of earlier buckets with the same local start. If a clock change moved a start, the regular time is used.
    /// </summary>
    private static IEnumerable<(LocalDateTime Local, int Occurrence)> Starts(SlicePlan plan, Granularity granularity, DateTimeZone zone)
    {
        var occurrences = new Dictionary<LocalDateTime, int>();
        foreach (var edge in plan.Edges[..^1])
        {
            var local = RegularStart(edge.InZone(zone).LocalDateTime, granularity);
            var occurrence = occurrences.GetValueOrDefault(local);
            occurrences[local] = occurrence + 1;
            yield return (local, occurrence);
        }
    }

    private static LocalDateTime RegularStart(LocalDateTime start, Granularity granularity)
    {
        var minute = (start.Hour * 60) + start.Minute;
        return granularity.Unit == GranularityUnit.Clock
            ? start.Date.AtMidnight().PlusMinutes(minute / granularity.Minutes * granularity.Minutes)
            : start.Date.AtMidnight();
    }
}
