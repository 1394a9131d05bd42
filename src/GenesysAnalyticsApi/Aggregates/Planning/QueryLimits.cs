using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Queues.Directory;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>What one request may ask for, decided on the plan, before Genesys is asked: says which limit, and what would fit.</summary>
internal sealed class QueryLimits(AdaptiveSliceSize sizes, IOptions<AggregatesOptions> options)
{
    public void CheckInterval(AggregatesQuery query)
    {
        var length = LengthOf(query);
        // What snapping to a bucket and changes of the clocks add is not the caller's doing.
        if (length - TimeSpan.FromMinutes(Math.Max(60, query.Granularity?.Minutes ?? 0)) > options.Value.MaxInterval)
        {
            throw new ProblemException(Problems.QuestionTooLarge(
                $"The interval has {length.TotalDays:0.##} days; at most {options.Value.MaxInterval.TotalDays:0.##} fit into one request (Aggregates:MaxInterval)."));
        }

        // A bucket has a row at least: this catches absurd questions before their plan is even made.
        var buckets = query.Granularity is null ? 1 : length.TotalMinutes / query.Granularity.Minutes;
        CheckRows(query, 1, buckets);
    }

    /// <summary>
    /// How many rows the queues asked for can have: a row a bucket, of each media type where all of them are wanted. Of everything, as many
    /// as answers so far had: a queue that is listed need not have figures.
    /// </summary>
    public void CheckRows(AggregatesQuery query, SlicePlan plan, ResolvedQueues selection)
    {
        var queues = selection.IsEverything ? sizes.RowsOfABucket(Duration.FromMinutes(query.Granularity?.Minutes ?? 0)) : selection.Wanted.Length;
        var perQueue = query.FillZero && query.GroupBy.HasFlag(Grouping.MediaType) ? Math.Max(1, query.MediaTypes.Length) : 1;
        CheckRows(query, (query.GroupBy.HasFlag(Grouping.Queue) ? Math.Max(1, queues) : 1) * (double)perQueue, plan.Edges.Length - 1);
    }

    /// <summary>The rows that came, where each of them is a record: an estimate can be too small, the limit holds all the same.</summary>
    public void CheckRows(AggregatesQuery query, int rows)
    {
        if (query.GroupBy.HasFlag(Grouping.Queue | Grouping.MediaType))
        {
            CheckRows(query, rows, 1);
        }
    }

    /// <param name="view">How many calls a question needs goes by the size of the whole organisation, which only those learn who may see it.</param>
    public async Task CheckPlanAsync(AggregatesQuery query, SlicePlan plan, QueueVisibility view, Func<Slice, Task<bool>> isFresh)
    {
        // What is cached costs nothing; it only has to be looked up where the rest could be too much.
        var calls = plan.Slices.Sum(sizes.RequestsFor);
        foreach (var slice in calls > options.Value.AsyncAboveCalls ? plan.Slices : [])
        {
            calls -= await isFresh(slice) ? sizes.RequestsFor(slice) : 0;
        }

        if (calls > options.Value.AsyncAboveCalls)
        {
            var most = options.Value.AsyncAboveCalls;
            var groups = plan.Slices.Select(slice => slice.Key.Group).Distinct(StringComparer.Ordinal).Count();
            var (needs, fits) = view.IsAll
                ? ($"about {calls} calls to Genesys; one request may make {most}", $": about {Shown(LengthOf(query) * ((double)most / calls))} would fit.")
                : ($"more calls to Genesys than the {most} that one request may make", ".");
            throw new ProblemException(Problems.TooWide(
                $"The question needs {needs} (Aggregates:AsyncAboveCalls). "
                + (query.Granularity is null ? "Ask for a shorter interval" : "Ask for a shorter interval, or for a coarser granularity")
                + (groups > 1 ? $", or for metrics of fewer groups ({groups} now)" : "")
                + fits));
        }
    }

    private void CheckRows(AggregatesQuery query, double series, double buckets)
    {
        var (rows, most) = (series * buckets, (double)options.Value.MaxRows);
        if (rows > most)
        {
            throw new ProblemException(Problems.QuestionTooLarge(
                $"The answer would have about {rows:0} rows; at most {most:0} fit into one answer (Aggregates:MaxRows). {Remedy(query, series, most)}"));
        }
    }

    private static string Remedy(AggregatesQuery query, double series, double most)
    {
        if (query.Granularity is not { } granularity || series > most)
        {
            return "Ask for fewer queues or media types.";
        }

        var fits = LengthOf(query) * (most / (series * LengthOf(query).TotalMinutes / granularity.Minutes));
        var coarser = Granularity.All.FirstOrDefault(known => series * LengthOf(query).TotalMinutes / known.Minutes <= most);
        return $"In {granularity} about {Shown(fits)} would fit" + (coarser is null ? "." : $", the whole interval in {coarser}.");
    }

    private static TimeSpan LengthOf(AggregatesQuery query) => (query.Interval.To - query.Interval.From).ToTimeSpan();

    private static string Shown(TimeSpan length) => length.TotalDays >= 2 ? $"{Math.Floor(length.TotalDays):0} days" : length.TotalHours >= 2 ? $"{Math.Floor(length.TotalHours):0} hours" : $"{Math.Floor(length.TotalMinutes):0} minutes";
}
