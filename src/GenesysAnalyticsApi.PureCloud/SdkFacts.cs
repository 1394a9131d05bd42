using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys;
using NodaTime;
using PureCloudPlatform.Client.V2.Model;

namespace GenesysAnalyticsApi.PureCloud;

/// <summary>
/// The SDK's answer in our columns. Metrics, media types and ids are text in its models, so what is new to the SDK survives; a fraction of
/// a count or a percentile does not (docs/decisions/0009).
/// </summary>
internal static class SdkFacts
{
    public static AggregateFacts Of(ConversationAggregateQueryResponse answer, ImmutableArray<Instant> edges)
    {
        var facts = new AggregateFactsBuilder(edges);
        foreach (var result in There(answer.Results))
        {
            facts.Begin(result: true, bucket: false);
            facts.SetQueueId(result.Group?.GetValueOrDefault("queueId"));
            facts.SetMediaType(result.Group?.GetValueOrDefault("mediaType"));
            facts.EndGroup();
            foreach (var bucket in There(result.Data))
            {
                facts.Begin(result: false, bucket: true);
                facts.SetInterval(bucket.Interval);
                foreach (var metric in There(bucket.Metrics))
                {
                    Add(facts, metric);
                }

                facts.EndBucket();
            }

            facts.EndResult();
        }

        return facts.ToFacts();
    }

    private static void Add(AggregateFactsBuilder facts, AggregateMetricData metric)
    {
        facts.Begin(result: false, bucket: false);
        facts.SetMetric(metric.Metric);
        if (metric.Stats is { } stats)
        {
            AddCount(facts, stats.Count);
            Add(facts, Statistic.Sum, stats.Sum);
            Add(facts, Statistic.Min, stats.Min);
            Add(facts, Statistic.Max, stats.Max);
            Add(facts, Statistic.Numerator, stats.Numerator);
            Add(facts, Statistic.Denominator, stats.Denominator);
            Add(facts, Statistic.Target, stats.Target);
            Add(facts, Statistic.P95, stats.P95);
            Add(facts, Statistic.P99, stats.P99);
        }

        facts.EndMetric();
    }

    private static void AddCount(AggregateFactsBuilder facts, long? count)
    {
        if (count is { } whole)
        {
            facts.AddCount(whole >= 0 ? whole : throw GenesysFailures.Unreadable("a count in it is not a count"));
        }
    }

    private static void Add(AggregateFactsBuilder facts, Statistic statistic, double? value)
    {
        if (value is { } number)
        {
            facts.Add(statistic, double.IsFinite(number) ? number : throw GenesysFailures.Unreadable("a statistic in it is not a number"));
        }
    }

    private static IEnumerable<T> There<T>(IEnumerable<T?>? items)
        where T : class => (items ?? []).OfType<T>();
}
