using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Observability;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>Telemetry of responses and their slices.</summary>
internal sealed class ResponseTelemetry
{
    private readonly Counter<long> _responses;
    private readonly Counter<long> _prepared;
    private readonly Counter<long> _slices;
    private readonly Histogram<double> _ages;

    public ResponseTelemetry(ServiceMeter meter)
    {
        _responses = meter.Counter("answers", "{answer}", "Responses with figures, including 304.", "data", "whole", "stale", "incomplete");
        _prepared = meter.Counter("answers.prepared", "{answer}", "Responses that were sent from the cache, without work per record.");
        _ages = meter.Histogram("answer.age", "Age of the oldest figures in a response that can still change, when it was sent.", ServiceMeter.Ages);
        _slices = meter.Counter("slices", "{slice}", "Slices that responses were computed from.", "outcome", "cached", "fetched", "stale", "failed");
    }

    public void Answered(ResponseFreshness labels, FetchStatistics statistics, bool wasCached, Instant now)
    {
        _responses.Add(1, new KeyValuePair<string, object?>("data", labels.HasGaps ? "incomplete" : labels.IsStale ? "stale" : "whole"));
        _prepared.Add(wasCached ? 1 : 0);
        Count("cached", statistics.Cached);
        Count("fetched", statistics.Fetched);
        Count("stale", statistics.Stale);
        Count("failed", statistics.Failed);
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
