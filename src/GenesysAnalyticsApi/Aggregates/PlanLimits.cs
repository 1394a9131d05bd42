using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Queues;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>What one request may ask for, decided on the plan, before Genesys is asked: says which limit, and what would fit.</summary>
internal sealed class PlanLimits(SliceSizes sizes, SliceStore store, QueueDirectory directory, IOptions<AggregatesOptions> options)
{
    public void CheckInterval(AggregatesQuery query)
    {
        var length = (query.Interval.To - query.Interval.From).ToTimeSpan();
        if (length > options.Value.MaxInterval)
        {
            throw new ProblemException(Problems.QuestionTooLarge(
                $"The interval has {length.TotalDays:0.#} days; at most {options.Value.MaxInterval.TotalDays:0.#} fit into one request (Aggregates:MaxInterval)."));
        }

        // A bucket has a row at least: this catches absurd questions before their plan is even made.
        var buckets = query.Granularity is null ? 1 : length.TotalMinutes / query.Granularity.Minutes;
        CheckRows(query, buckets);
    }

    public async Task CheckPlanAsync(AggregatesQuery query, SlicePlan plan, CancellationToken cancellationToken)
    {
        var series = query.QueueIds.Length > 0 && query.QueueNames.IsEmpty ? query.QueueIds.Length : directory.Current?.Queues.Count ?? 1;
        CheckRows(query, (double)series * (plan.Edges.Length - 1));

        // What is cached costs nothing; it only has to be looked up where the rest could be too much.
        var calls = plan.Slices.Sum(sizes.QuestionsFor);
        foreach (var slice in calls > options.Value.AsyncAboveCalls ? plan.Slices : [])
        {
            calls -= await store.IsFreshAsync(slice, query.MaxAge, cancellationToken) ? sizes.QuestionsFor(slice) : 0;
        }

        if (calls > options.Value.AsyncAboveCalls)
        {
            throw new ProblemException(Problems.TooWide(
                $"The question needs about {calls} calls to Genesys; one request may make {options.Value.AsyncAboveCalls} (Aggregates:AsyncAboveCalls). "
                + (query.Granularity is null ? "Ask for a shorter interval." : "Ask for a shorter interval, or for a coarser granularity.")));
        }
    }

    private void CheckRows(AggregatesQuery query, double rows)
    {
        if (rows > options.Value.MaxRows)
        {
            throw new ProblemException(Problems.QuestionTooLarge(
                $"The answer would have about {rows:0} rows; at most {options.Value.MaxRows} fit into one answer (Aggregates:MaxRows). "
                + $"Ask for fewer queues, a shorter interval, or a coarser granularity than {query.Granularity}."));
        }
    }
}
