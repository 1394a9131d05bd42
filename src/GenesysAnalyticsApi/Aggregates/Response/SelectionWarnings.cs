using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>
/// Warns about a query that selects no queue or no time. These warnings do not depend on the figures. Without a warning, the response would look as if there
/// were no interactions.
/// </summary>
internal static class SelectionWarnings
{
    public static IEnumerable<ResponseWarning> Of(AggregatesQuery query, ResolvedQueues selection) => NoQueue(selection).Concat(NoLocalTime(query));

    private static IEnumerable<ResponseWarning> NoQueue(ResolvedQueues selection)
    {
        if (selection is { All: false, QueueIds: [] })
        {
            yield return new ResponseWarning("no-queue", "No queue matches the filter: the requested divisions contain no queues, or none of the requested queues.");
        }
    }

    private static IEnumerable<ResponseWarning> NoLocalTime(AggregatesQuery query)
    {
        if (query.LocalTime is not { } included)
        {
            yield break;
        }

        if (Excluding(included, query.Interval, query.Zone) is { } excluding)
        {
            yield return new ResponseWarning("no-local-time", $"The interval contains no time within {excluding} in {query.Zone.Name}, so there are no figures.");
        }

        if (query.Comparison is { } comparison && Excluding(included, comparison.Interval, query.Zone) is { } excludingPrevious)
        {
            yield return new ResponseWarning("no-local-time", $"The compared interval contains no time within {excludingPrevious} in {query.Zone.Name}, so there are no previous figures.");
        }
    }

    /// <summary>
    /// The parameters that exclude all time of the interval: each parameter that alone excludes all time, or both parameters if only their combination does.
    /// Null if any time is included.
    /// </summary>
    private static string? Excluding(LocalTimeFilter included, QueryInterval interval, DateTimeZone zone)
    {
        if (HasTime(included))
        {
            return null;
        }

        var (hours, days) = ($"'hours' {included.PrintHours}", $"'weekdays' {included.PrintWeekdays}");
        return (HasTime(new(included.Hours, [])), HasTime(new([], included.Weekdays))) switch
        {
            (false, true) => hours,
            (true, false) => days,
            (false, false) => $"{hours} or {days}",
            _ => $"{hours} on {days}",
        };

        bool HasTime(LocalTimeFilter filter) => filter.IncludedIntervals(interval.From, interval.To, zone).Count > 0;
    }
}
