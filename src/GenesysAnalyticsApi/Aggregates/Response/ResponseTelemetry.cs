using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Observability;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>Telemetry of responses and their slices.</summary>
internal sealed class ResponseTelemetry
{
    private readonly Counter<long> _answers;
    private readonly Counter<long> _prepared;
    private readonly Counter<long> _slices;
    private readonly Histogram<double> _ages;

    public ResponseTelemetry(ServiceMeter meter)
    {
        _answers = meter.Counter("answers", "{answer}", "Answers to questions for figures, 304 included.", "data", "whole", "stale", "incomplete");
        _prepared = meter.Counter("answers.prepared", "{answer}", "Those of them that were ready, and sent without work per record.");
        _ages = meter.Histogram("answer.age", "How old the oldest figures that can still change were in an answer, when it was sent.", ServiceMeter.Ages);
        _slices = meter.Counter("slices", "{slice}", "Slices that answers were made of.", "outcome", "cached", "fetched", "stale", "failed");
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

    private void Count(string outcome, int slices)
    {
        if (slices > 0)
        {
            _slices.Add(slices, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
