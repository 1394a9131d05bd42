using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>Information about the figures that is not visible in the records.</summary>
/// <param name="Code">Stable code for programs.</param>
/// <param name="Message">Message for people.</param>
internal sealed record ResponseWarning(string Code, string Message)
{
    /// <summary>The maximum number of items that a warning names. A query can cover a thousand queues, but a few are enough to find the cause.</summary>
    public const int MaxNamed = 10;

    /// <summary>Without this warning, a response for a filter that matches no queue would look like a response for queues without interactions.</summary>
    public static ResponseWarning NoQueue { get; } = new("no-queue", "No queue matches the filter: the requested divisions contain no queues, or none of the requested queues.");

    /// <summary>Names the first items, and counts the others.</summary>
    public static string Named(IReadOnlyCollection<string> items) =>
        string.Join(", ", items.Take(MaxNamed)) + (items.Count > MaxNamed ? $" and {items.Count - MaxNamed} more" : "");
}

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
            yield return ResponseWarning.NoQueue;
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

/// <summary>Warnings about slices that are stale or incomplete.</summary>
internal static class SliceWarnings
{
    /// <summary>One warning per reason for stale data.</summary>
    public static IEnumerable<ResponseWarning> Stale(IEnumerable<SliceResult> outcomes) => outcomes
        .Where(outcome => outcome.IsStale && !outcome.HasGaps)
        .GroupBy(outcome => outcome.Failure!.Kind.ToWireName(), StringComparer.Ordinal)
        .Select(group => new ResponseWarning(
            "stale", $"{PartsOf(group, "is", "are")} stale, because a refresh from Genesys failed ({group.Key}): {group.First().Failure!.Message}"));

    /// <summary>One warning per reason for queues that could not be fetched.</summary>
    public static IEnumerable<ResponseWarning> Lacking(IEnumerable<SliceResult> outcomes) => outcomes
        .Where(outcome => !outcome.Lacking.Ids.IsEmpty)
        .GroupBy(outcome => outcome.Failure!.Kind.ToWireName(), StringComparer.Ordinal)
        .Select(group =>
        {
            var ids = group.SelectMany(outcome => outcome.Lacking.Ids).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToList();
            return new ResponseWarning(
                "queues-missing",
                $"{PartsOf(group, "lacks", "lack")} the queues {ResponseWarning.Named(ids)}, because they could not be fetched from Genesys ({group.Key}): {group.First().Failure!.Message}");
        });

    /// <summary>Warns that unknown queues are missing if queues were requested by id, because only known queues can be requested by id.</summary>
    public static IEnumerable<ResponseWarning> ByQueues(IEnumerable<SliceResult> outcomes, ResolvedQueues selection) =>
        selection.IsEverything && outcomes.Any(outcome => outcome.HasListedQueuesOnly)
            ? [new ResponseWarning("known-queues-only", "Genesys does not return all queues at once, so the known queues were requested by id: a queue that was deleted before this service first saw it is missing.")]
            : [];

    private static string PartsOf(IEnumerable<SliceResult> outcomes, string singular, string plural) =>
        outcomes.Count() is var count && count == 1 ? $"1 part of the data {singular}" : $"{count} parts of the data {plural}";
}
