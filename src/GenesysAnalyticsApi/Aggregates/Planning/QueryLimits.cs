using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Enforces the limits of a query: on its interval and plan, before the service requests figures from Genesys, and on the actual rows. Messages state the
/// limit and, where possible, what would fit.
/// </summary>
internal sealed class QueryLimits(LearnedSliceSize sizes, GenesysRateLimiter limiter, IOptions<AggregatesOptions> options)
{
    /// <summary>Checks the length of an interval, also for a query that does not request figures.</summary>
    /// <exception cref="ProblemException">422: the interval is too long.</exception>
    public void CheckLength(QueryInterval interval, Granularity? granularity)
    {
        var length = (interval.To - interval.From).ToTimeSpan();
        // Tolerates the time that snapping to buckets and clock changes can add to the interval.
        if (length - TimeSpan.FromMinutes(Math.Max(60, granularity?.Minutes ?? 0)) > options.Value.MaxInterval)
        {
            throw new ProblemException(ProblemFactory.QueryTooLarge(
                $"The interval has {length.TotalDays:0.##} days; the maximum is {options.Value.MaxInterval.TotalDays:0.##} (Aggregates:MaxInterval). "
                + "Use a later start or an earlier end."));
        }
    }

    public void CheckInterval(AggregatesQuery query)
    {
        CheckLength(query.Interval, query.Granularity);
        var length = LengthOf(query);

        // Assumes one row per bucket, which is the minimum, to reject excessive queries before they are planned.
        var buckets = query.Granularity is null ? 1 : length.TotalMinutes / query.Granularity.Minutes;
        CheckRows(query, 1, buckets, isMinimum: true);
    }

    /// <summary>
    /// Checks the estimated number of rows: one per bucket and queue, times the requested values of other dimensions if the grid is filled. For a query of
    /// all queues, the estimate uses the rows of earlier replies, because a listed queue need not have data.
    /// </summary>
    public void CheckRows(AggregatesQuery query, SlicePlan plan, ResolvedQueues selection) =>
        CheckRows(query, EstimateRowsPerBucket(query, selection, listed: 1), plan.BucketCount, isMinimum: selection.IsEverything && LearnedRows(query) == 0);

    /// <summary>Estimates the rows of one bucket.</summary>
    /// <param name="listed">The number of queues to assume for a query of all queues until a reply has shown how many rows they have.</param>
    public double EstimateRowsPerBucket(AggregatesQuery query, ResolvedQueues selection, int listed)
    {
        var queues = selection.IsEverything ? LearnedRows(query) is > 0 and var learned ? learned : listed : selection.EffectiveIds.Length;
        var perQueue = Filled(Grouping.MediaType, query.MediaTypes.Length) * Filled(Grouping.MessageType, query.MessageTypes.Length)
            * Filled(Grouping.Direction, query.Direction is null ? 2 : 1) * Filled(Grouping.User, query.UserIds.Length) * Filled(Grouping.WrapUpCode, query.WrapUpCodes.Length);
        return (query.GroupBy.HasFlag(Grouping.Queue) ? Math.Max(1, queues * (selection.IsEverything ? 1 : SplitFactor(query))) : 1) * perQueue;

        int Filled(Grouping dimension, int values) => query.FillZero && query.GroupBy.HasFlag(dimension) ? Math.Max(1, values) : 1;
    }

    /// <summary>The rows of one bucket of all queues in earlier replies; 0 if nothing is known yet.</summary>
    public double LearnedRows(AggregatesQuery query) => sizes.RowsPerBucket(StepOf(query), query.Dimensions);

    /// <summary>The ratio of the rows of a split reply to the rows of an unsplit reply; 1 if the ratio is not known yet.</summary>
    private double SplitFactor(AggregatesQuery query) =>
        query.Dimensions != Dimensions.None && sizes.RowsPerBucket(StepOf(query), Dimensions.None) is > 0 and var whole ? Math.Max(1, LearnedRows(query) / whole) : 1;

    private static Duration StepOf(AggregatesQuery query) => Duration.FromMinutes(query.Granularity?.Minutes ?? 0);

    /// <summary>Checks the actual number of rows if each row becomes a record, because the estimate can be too low.</summary>
    public void CheckRows(AggregatesQuery query, int rows)
    {
        if (query.GroupBy.HasFlag(Grouping.Queue | Grouping.MediaType) && query.Dimensions == Groupings.DimensionsOf(query.GroupBy))
        {
            CheckRows(query, rows, 1, isMinimum: false);
        }
    }

    /// <summary>Checks that the format allows this many rows, and that the response is not streamed if a parameter needs all records at once.</summary>
    /// <param name="isMinimum">Whether the response can have more rows, because it is not known yet how many queues have data.</param>
    public void CheckStreaming(AggregatesQuery query, double rows, bool isMinimum = false)
    {
        var needed = $"The response would have {(isMinimum ? "at least" : "about")} {rows:0} rows;";
        var limit = options.Value.StreamRows;
        var maxRows = query.Format.IsStreamed ? query.Format.MaxRows : limit;
        if (rows > maxRows)
        {
            var others = string.Join(", ", ResponseFormat.All.Where(other => other.IsStreamed && other.MaxRows >= rows).Select(other => other.Name));
            throw new ProblemException(ProblemFactory.QueryTooLarge(
                $"{needed} 'format' {query.Format.Name} can have at most {maxRows}{(query.Format.IsStreamed ? "" : " (Aggregates:StreamRows)")}. Use {others}, or request fewer rows."));
        }

        if (rows > limit && query.NotStreamable.ToList() is { Count: > 0 } names)
        {
            throw new ProblemException(ProblemFactory.QueryTooLarge(
                $"{needed} the maximum is {limit} (Aggregates:StreamRows). Use a coarser granularity, a shorter interval or fewer queues.") with
            {
                HttpRemedy = $"Or omit {string.Join(", ", names)}: without {(names.Count == 1 ? "it" : "them")}, a response with more rows is streamed.",
            });
        }
    }

    /// <param name="visibility">
    /// The number of Genesys requests reveals the size of the organization, so the message includes that number only for callers that can see all queues.
    /// </param>
    public async Task CheckPlanAsync(AggregatesQuery query, SlicePlan plan, QueueVisibility visibility, Func<Slice, Task<bool>> isFresh)
    {
        // Cached slices need no request. The cache is searched only if the plan could exceed the limit.
        var calls = plan.Slices.Sum(sizes.RequestsFor);
        foreach (var slice in calls > options.Value.AsyncAboveCalls ? plan.Slices : [])
        {
            calls -= await isFresh(slice) ? sizes.RequestsFor(slice) : 0;
        }

        if (calls > options.Value.AsyncAboveCalls)
        {
            var limit = options.Value.AsyncAboveCalls;
            var groups = plan.Slices.Select(slice => slice.Key.Group).Distinct(StringComparer.Ordinal).Count();
            var (need, jobTime, fitting) = visibility.IsAll
                ? ($"about {calls} calls to Genesys; the limit is {limit}", $", in about {Format(JobTime(calls))}", $": about {Format(LengthOf(query) * ((double)limit / calls))} would fit.")
                : ($"more calls to Genesys than the limit of {limit}", "", ".");
            throw new ProblemException(ProblemFactory.TooWide(
                $"The query needs {need} (Aggregates:AsyncAboveCalls). "
                + (query.Granularity is null ? "Use a shorter interval" : "Use a shorter interval, or a coarser granularity")
                + (groups > (query.ServiceLevelThresholdMs is null ? 1 : 2) ? $", or metrics of fewer groups ({groups} now)" : "")
                + (query.ServiceLevelThresholdMs is null ? "" : ", or no serviceLevelThresholdMs")
                + (query.Dimensions == Dimensions.None ? "" : $", or do not group or filter by {string.Join(" and ", Dimension.Of(query.Dimensions).Select(dimension => dimension.Name))}")
                + fitting) with
            {
                HttpRemedy = $"Or send the header 'Prefer: respond-async': a job then runs the query{jobTime}.",
            });
        }
    }

    private void CheckRows(AggregatesQuery query, double series, double buckets, bool isMinimum)
    {
        var rows = series * buckets;
        var (limit, setting) = query.IsSegmented
            ? ((double)options.Value.MaxSegmentedRows, nameof(AggregatesOptions.MaxSegmentedRows))
            : (options.Value.MaxRows, nameof(AggregatesOptions.MaxRows));
        if (rows > limit)
        {
            throw new ProblemException(ProblemFactory.QueryTooLarge(
                $"The response would have {(isMinimum ? "at least" : "about")} {rows:0} rows; the maximum is {limit:0} (Aggregates:{setting}). {OtherFormats(query, rows)}{Remedy(query, series, limit, isMinimum)}"));
        }

        CheckStreaming(query, rows, isMinimum);
    }

    /// <summary>Advises reading the result of a job in a format that allows this many rows, which needs no new job. Empty for a query without a job.</summary>
    private string OtherFormats(AggregatesQuery query, double rows)
    {
        var formats = ResponseFormat.All.Where(format => (query with { Format = format }).IsSegmented).Select(format => format.Name).ToList();
        return query.JobCreatedAt is not null && formats is [.. var others, var last] && rows <= options.Value.MaxSegmentedRows
            ? $"Read the result with format={string.Join(", ", others)} or {last}, which can have up to {options.Value.MaxSegmentedRows} rows. "
            : "";
    }

    private static string Remedy(AggregatesQuery query, double series, double limit, bool isMinimum)
    {
        if (query.Granularity is not { } granularity || series > limit)
        {
            return "Request fewer queues or media types.";
        }

        var fittingLength = LengthOf(query) * (limit / (series * LengthOf(query).TotalMinutes / granularity.Minutes));
        var coarser = Granularity.All.FirstOrDefault(known => series * LengthOf(query).TotalMinutes / known.Minutes <= limit);
        return isMinimum ? $"Use a coarser granularity or an interval shorter than {Format(fittingLength)}."
            : $"With {granularity}, about {Format(fittingLength)} would fit" + (coarser is null ? "." : $"; with {coarser}, the whole interval.");
    }

    /// <summary>The time that a job would need for this number of Genesys requests, at least a minute.</summary>
    private TimeSpan JobTime(int calls) => limiter.State.WaitFor(calls) is { TotalMinutes: > 1 } wait ? wait : TimeSpan.FromMinutes(1);

    private static TimeSpan LengthOf(AggregatesQuery query) => (query.Interval.To - query.Interval.From).ToTimeSpan();

    private static string Format(TimeSpan length) => length.TotalDays >= 2 ? $"{Math.Floor(length.TotalDays):0} days" : length.TotalHours >= 2 ? $"{Math.Floor(length.TotalHours):0} hours" : $"{Math.Floor(length.TotalMinutes):0} minute{(length.TotalMinutes < 2 ? "" : "s")}";
}
