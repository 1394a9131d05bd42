using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Observability;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>What is counted about answers and the slices behind them.</summary>
internal sealed class AggregatesTelemetry
{
    private readonly Counter<long> _answers;
    private readonly Counter<long> _prepared;
    private readonly Counter<long> _slices;
    private readonly Counter<long> _halvings;
    private readonly Counter<long> _settledChanges;
    private readonly Histogram<double> _ages;
    private readonly Histogram<double> _fetches;

    public AggregatesTelemetry(ServiceMeter meter)
    {
        _answers = meter.Counter("answers", "{answer}", "Answers to questions for figures, 304 included.", "data", "whole", "stale", "incomplete");
        _prepared = meter.Counter("answers.prepared", "{answer}", "Those of them that were ready, and sent without work per record.");
        _ages = meter.Histogram("answer.age", "How old the oldest figures that can still change were in an answer, when it was sent.", ServiceMeter.Ages);
        _slices = meter.Counter("slices", "{slice}", "Slices that answers were made of.", "outcome", "cached", "fetched", "stale", "failed");
        _fetches = meter.Histogram("slice.fetch.duration", "How long it took to fetch a slice, its permits, retries and halves included.", ServiceMeter.Seconds);
        _halvings = meter.Counter("slice.halvings", "{question}", "Questions to Genesys that were asked again in halves.", "kind", GenesysFailureKind.TooLarge.ToWireName(), GenesysFailureKind.Timeout.ToWireName());
        _settledChanges = meter.Counter("settled.changes", "{slice}", "Slices of settled data in which Genesys has changed figures.", "group", [.. MetricCatalog.Groups.Select(group => group.Name)]);
    }

    public void Answered(ResponseFreshness labels, FetchStatistics effort, bool wasReady, Instant now)
    {
        _answers.Add(1, new KeyValuePair<string, object?>("data", labels.HasGaps ? "incomplete" : labels.IsStale ? "stale" : "whole"));
        _prepared.Add(wasReady ? 1 : 0);
        Count("cached", effort.Cached);
        Count("fetched", effort.Fetched);
        Count("stale", effort.Stale);
        Count("failed", effort.Failed);
        if (labels.OpenSince is { } fetchedAt)
        {
            _ages.Record((now - fetchedAt).TotalSeconds);
        }
    }

    public void Fetched(GenesysFailureKind? failure, TimeSpan took) =>
        _fetches.Record(took.TotalSeconds, new KeyValuePair<string, object?>("outcome", failure is { } kind ? kind.ToWireName() : "fetched"));

    public void Halved(GenesysFailureKind kind) => _halvings.Add(1, new KeyValuePair<string, object?>("kind", kind.ToWireName()));

    public void SettledDataChanged(string group) => _settledChanges.Add(1, new KeyValuePair<string, object?>("group", group));

    private void Count(string outcome, int slices)
    {
        if (slices > 0)
        {
            _slices.Add(slices, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
