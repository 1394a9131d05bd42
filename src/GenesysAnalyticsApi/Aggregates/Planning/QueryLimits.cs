using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Enforces the limits of a query: on its interval and plan, before the service requests figures from Genesys, and again on the rows of the loaded slices.
/// Messages state the limit and, where possible, what would fit.
/// </summary>
internal sealed class QueryLimits(LearnedSliceSize sizes, GenesysRateLimiter limiter, IOptions<AggregatesOptions> options)
{
    /// <summary>Checks the length of an interval, also for a query that does not request figures.</summary>
    /// <exception cref="ProblemException">422: the interval is too long.</exception>
    public void CheckLength(QueryInterval interval, Granularity? granularity)
    {
        var length = (interval.To - interval.From).ToTimeSpan();
        // Tolerates the time that rounding both ends to buckets and a change to or from daylight saving time can add to the interval.
        if (length - TimeSpan.FromMinutes(60 + (2 * (granularity?.Minutes ?? 0))) > options.Value.MaxInterval)
        {
            throw new ProblemException(ProblemFactory.QueryTooLarge(
                $"The interval has {length.TotalDays:0.##} days; the maximum is {options.Value.MaxInterval.TotalDays:0.##} (Aggregates:MaxInterval). "
                + "Use a later start or an earlier end."));
        }
    }

    public void CheckInterval(AggregatesQuery query)
    {
        CheckLength(query.Interval, query.Granularity);
        if (query is { Granularity: { } granularity, LocalTime: null })
        {
            // Assumes one row per bucket, to reject excessive queries before they are planned.
            CheckRows(query, 1, LengthOf(query).TotalMinutes / granularity.Minutes, isGuess: true);
        }
    }

    /// <summary>
    /// Checks the estimated number of rows: one per bucket and queue, times the requested values of other dimensions with <c>fill=zero</c>. For a query of
    /// all queues, the estimate uses the rows of earlier replies, because a listed queue need not have data.
    /// </summary>
    public void CheckRows(AggregatesQuery query, SlicePlan plan, ResolvedQueues selection) =>
        CheckRows(query, EstimateRowsPerBucket(query, selection, assumedQueues: 1), plan.BucketCount, isGuess: selection.IsEverything && LearnedRows(query) == 0);

    /// <summary>Estimates the rows of one bucket.</summary>
    /// <param name="assumedQueues">The number of queues to assume for a query of all queues until a reply has shown how many rows they have.</param>
    public double EstimateRowsPerBucket(AggregatesQuery query, ResolvedQueues selection, int assumedQueues)
    {
        var rows = selection.IsEverything ? LearnedRows(query) is > 0 and var learned ? learned : assumedQueues : selection.EffectiveIds.Length;
        var perQueue = Filled(Grouping.MediaType, query.MediaTypes.Length) * Filled(Grouping.MessageType, query.MessageTypes.Length)
            * Filled(Grouping.Direction, query.Direction is null ? 2 : 1) * Filled(Grouping.User, query.UserIds.Length) * Filled(Grouping.WrapUpCode, query.WrapUpCodes.Length);
        return (query.GroupBy.HasFlag(Grouping.Queue) ? Math.Max(1, rows * (selection.IsEverything ? 1 : DimensionFactor(query))) : 1) * perQueue;

        int Filled(Grouping dimension, int values) => query.FillZero && query.GroupBy.HasFlag(dimension) ? Math.Max(1, values) : 1;
    }

    /// <summary>The rows of one bucket of all queues in earlier replies; 0 if nothing is known yet.</summary>
    public double LearnedRows(AggregatesQuery query) => sizes.RowsPerBucket(StepOf(query), query.Dimensions);

    /// <summary>The ratio of the rows of a reply that is grouped by the dimensions of the query to the rows of a reply without them; 1 if it is not known yet.</summary>
    private double DimensionFactor(AggregatesQuery query) =>
        query.Dimensions != Dimensions.None && sizes.RowsPerBucket(StepOf(query), Dimensions.None) is > 0 and var whole ? Math.Max(1, LearnedRows(query) / whole) : 1;

    private static Duration StepOf(AggregatesQuery query) => Duration.FromMinutes(query.Granularity?.Minutes ?? 0);

    /// <summary>Checks the rows of the loaded slices if each row becomes a record: the estimate before loading can be too low.</summary>
    public void CheckRows(AggregatesQuery query, int rows, int buckets)
    {
        if (query.GroupBy.HasFlag(Grouping.Queue | Grouping.MediaType) && query.Dimensions == Groupings.DimensionsOf(query.GroupBy))
        {
            CheckRows(query, (double)rows / Math.Max(1, buckets), buckets, isGuess: false);
        }
    }

    /// <summary>Checks that the format allows this many rows, and that the response is not streamed if a parameter needs all records at once.</summary>
    /// <param name="isGuess">Whether <paramref name="rows"/> assumes one row per bucket, because it is not known yet how many queues have data.</param>
    public void CheckStreaming(AggregatesQuery query, double rows, bool isGuess = false)
    {
        var needed = Needed(query, rows, isGuess);
        var limit = options.Value.StreamRows;
        var maxRows = query.Format.IsStreamed ? query.Format.MaxRows : limit;
        if (rows > maxRows)
        {
            var others = string.Join(", ", ResponseFormat.All.Where(other => other.IsStreamed && other.MaxRows >= rows).Select(other => other.Name));
            throw new ProblemException(ProblemFactory.QueryTooLarge(
                $"{needed} 'format' {query.Format.Name} can have at most {maxRows}{(query.Format.IsStreamed ? "" : " (Aggregates:StreamRows)")}. Use {others}, or request fewer rows."));
        }

        if (rows > limit && query.NotStreamable.Any())
        {
            throw new ProblemException(ProblemFactory.QueryTooLarge(
                $"{needed} the maximum is {limit} (Aggregates:StreamRows). Use a coarser granularity, a shorter interval or fewer queues.") with
            {
                HttpRemedy = StreamRemedy(query, rows),
            });
        }
    }

    /// <param name="visibility">
    /// The number of Genesys requests reveals the size of the organization, so the message includes that number only for callers that can see all queues.
    /// </param>
    public async Task CheckPlanAsync(AggregatesQuery query, SlicePlan plan, QueueVisibility visibility, Func<Slice, Task<bool>> isFresh)
    {
        // Cached slices need no request. The cache is searched only if the plan could exceed the limit.
        var all = plan.Slices.Sum(sizes.RequestsFor);
        var requests = all;
        foreach (var slice in requests > options.Value.AsyncAboveCalls ? plan.Slices : [])
        {
            requests -= await isFresh(slice) ? sizes.RequestsFor(slice) : 0;
        }

        if (requests > options.Value.AsyncAboveCalls)
        {
            var limit = options.Value.AsyncAboveCalls;
            var groups = plan.Slices.Select(slice => slice.Key.Group).Distinct(StringComparer.Ordinal).Count();
            var (need, jobTime, fitting) = visibility.IsAll
                ? ($"about {requests} Genesys requests; the limit is {limit}", $", which takes about {Format(JobTime(requests))}", FittingOf(limit, all, groups))
                : ($"more Genesys requests than the limit of {limit}", "", "");
            List<string> remedies =
            [
                $"a shorter interval{fitting}",
                .. query.Granularity is null ? Array.Empty<string>() : ["a coarser granularity"],
                .. groups > (query.ServiceLevelThresholdMs is null ? 1 : 2) ? [$"metrics of fewer groups ({groups} now)"] : Array.Empty<string>(),
                .. query.ServiceLevelThresholdMs is null ? Array.Empty<string>() : ["no serviceLevelThresholdMs"],
                .. Dimension.Of(query.Dimensions).Select(dimension => $"no {dimension.Name}"),
            ];
            throw new ProblemException(ProblemFactory.TooWide($"The query needs {need} (Aggregates:AsyncAboveCalls). Use {string.Join(", or ", remedies)}.") with
            {
                HttpRemedy = $"Or send the header 'Prefer: respond-async': a job then runs the query{jobTime}.",
            });
        }

        // A shorter interval can have a part of a slice at each end, for each group, and need not be cached.
        string FittingOf(int limit, int all, int groups) =>
            LengthOf(query) * ((double)(limit - (2 * groups)) / all) is { TotalMinutes: >= 1 } fitting ? $" (about {Format(fitting)} would fit)" : "";
    }

    private void CheckRows(AggregatesQuery query, double series, double buckets, bool isGuess)
    {
        var rows = series * buckets;
        var (limit, setting) = query.IsSegmented ? (options.Value.MaxSegmentedRows, nameof(AggregatesOptions.MaxSegmentedRows))
            : query.NotStreamable.Any() && options.Value.StreamRows < options.Value.MaxRows ? (options.Value.StreamRows, nameof(AggregatesOptions.StreamRows))
            : (options.Value.MaxRows, nameof(AggregatesOptions.MaxRows));
        if (rows > limit)
        {
            throw new ProblemException(ProblemFactory.QueryTooLarge(
                $"{Needed(query, rows, isGuess)} the maximum is {limit} (Aggregates:{setting}). {Remedy(query, series, rows / limit, limit, isGuess)}") with
            {
                HttpRemedy = StreamRemedy(query, rows),
            });
        }

        CheckStreaming(query, rows, isGuess);
    }

    private static string Needed(AggregatesQuery query, double rows, bool isGuess) =>
        $"The response{(query.Comparison is null ? "" : ", with the interval that it is compared with,")} would have about {rows:0} rows{(isGuess ? ", or more if several queues have data" : "")};";

    /// <summary>Advises what allows this many rows: a streamed response or, for even more rows, a format that is read in segments. Null if nothing does.</summary>
    private string? StreamRemedy(AggregatesQuery query, double rows)
    {
        List<string> names = [.. query.NotStreamable];
        var omit = names is [] ? "" : $"omit {string.Join(", ", names)}";
        if (names is not [] && rows <= options.Value.MaxRows)
        {
            return $"Or {omit}: without {(names.Count == 1 ? "it" : "them")}, a response with more rows is streamed.";
        }

        var plain = query with { Sort = [], Totals = false, Limit = null, Comparison = null };
        var formats = ResponseFormat.All.Where(format => (plain with { Format = format }).IsSegmented).Select(format => format.Name).ToList();
        return formats is [.. var others, var last] && !query.IsSegmented && rows <= options.Value.MaxSegmentedRows
            ? $"Or {omit}{(names is [] ? "" : ", and ")}use format={string.Join(", ", others)} or {last}, which can have up to {options.Value.MaxSegmentedRows} rows."
            : null;
    }

    /// <param name="excess">The ratio of the rows to the limit.</param>
    private static string Remedy(AggregatesQuery query, double series, double excess, double limit, bool isGuess)
    {
        if (query.Granularity is not { } granularity || series > limit)
        {
            return "Request fewer queues or media types.";
        }

        var fittingLength = Format(LengthOf(query) / excess);
        var coarser = Granularity.All.FirstOrDefault(known => known.Minutes > granularity.Minutes && excess * granularity.Minutes / known.Minutes <= 1);
        return isGuess ? $"Use a coarser granularity, or an interval shorter than {fittingLength}."
            : $"With {granularity}, about {fittingLength} would fit" + (coarser is null ? "." : $"; with {coarser}, the whole interval.");
    }

    /// <summary>The time that a job would need for this number of Genesys requests, at least a minute.</summary>
    private TimeSpan JobTime(int requests) => limiter.State.WaitFor(requests) is { TotalMinutes: > 1 } wait ? wait : TimeSpan.FromMinutes(1);

    private static TimeSpan LengthOf(AggregatesQuery query) => (query.Interval.To - query.Interval.From).ToTimeSpan();

    private static string Format(TimeSpan length) => length.TotalDays >= 2 ? $"{Math.Floor(length.TotalDays):0} days" : length.TotalHours >= 2 ? $"{Math.Floor(length.TotalHours):0} hours" : $"{Math.Floor(length.TotalMinutes):0} minute{(length.TotalMinutes < 2 ? "" : "s")}";
}
