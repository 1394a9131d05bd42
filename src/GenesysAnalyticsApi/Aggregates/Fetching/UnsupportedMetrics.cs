using System.Collections.Concurrent;
using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Planning;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// Remembers the metrics that Genesys rejects for this organization. Genesys rejects a whole request because of one such metric, so requests omit it, and
/// responses that lack it have a warning. <see cref="UnsupportedMetricSearch"/> determines which metrics are unsupported. An unsupported metric is retried
/// about every hour and remembered until Genesys accepts it.
/// </summary>
internal sealed partial class UnsupportedMetrics(TimeProvider clock, ILogger<UnsupportedMetrics> logger)
{
    public static readonly Duration RetryInterval = Duration.FromHours(1);

    /// <summary>Each retry costs one Genesys request, so only this many metrics of a group are retried at a time.</summary>
    private const int MaxRetries = 2;

    // The key includes direction and split, because Genesys can reject a metric for one direction or split and accept it for others.
    private readonly ConcurrentDictionary<(string Metric, RequestVariant Variant), Instant> _nextRetries = new();
    private readonly ConcurrentDictionary<(string Metric, RequestVariant Variant), Instant> _accepted = new();

    public int Count => _nextRetries.Keys.Select(rejected => rejected.Metric).Distinct(StringComparer.Ordinal).Count();

    private Instant Now => Instant.FromDateTimeOffset(clock.GetUtcNow());

    /// <summary>The metrics to request: the metrics of the slice's group that Genesys does not reject.</summary>
    public ImmutableArray<string> Without(Slice slice)
    {
        ImmutableArray<string> supported = [.. slice.Metrics.Metrics.Where(metric => !_nextRetries.ContainsKey((metric, slice.Key.Variant)))];

        // Without standard metrics there are no records. If Genesys rejects all of them, they are requested again to get the reason for the rejection.
        return supported is [] && slice.Metrics.IsStandard ? [.. slice.Metrics.Metrics] : supported;
    }

    /// <summary>Returns true if the slice, which can come from another replica, lacks a metric that Genesys has accepted since the fetch.</summary>
    public bool IsOutdated(Slice slice, CachedSlice cached) =>
        cached.RejectedMetrics.Any(metric => _accepted.TryGetValue((metric, slice.Key.Variant), out var acceptedAt) && cached.FetchedAt <= acceptedAt);

    public void RecordRejected(string metric, RequestVariant variant, string? correlationId)
    {
        _nextRetries[(metric, variant)] = Now + RetryInterval;
        Log.MetricRefused(logger, metric, correlationId);
    }

    /// <summary>Records that Genesys accepted a request for these metrics.</summary>
    public void RecordAccepted(ImmutableArray<string> metrics, RequestVariant variant)
    {
        var now = Now;
        foreach (var metric in metrics)
        {
            _accepted[(metric, variant)] = now;
            if (_nextRetries.TryRemove((metric, variant), out _))
            {
                Log.MetricGiven(logger, metric);
            }
        }
    }

    /// <summary>Returns rejected metrics that are due for a retry. Only one of several concurrent queries gets each metric.</summary>
    public ImmutableArray<string> TakeDueForRetry(Slice slice)
    {
        var now = Now;
        return _nextRetries.IsEmpty ? [] : [.. slice.Metrics.Metrics.Where(IsTaken).Take(MaxRetries)];

        bool IsTaken(string metric) =>
            _nextRetries.TryGetValue((metric, slice.Key.Variant), out var dueAt)
            && now >= dueAt
            && _nextRetries.TryUpdate((metric, slice.Key.Variant), now + RetryInterval, dueAt);
    }

    private static partial class Log
    {
        [LoggerMessage(4003, LogLevel.Warning, "Genesys rejected the metric {Metric}; requests omit it and retry it every hour (correlation id {CorrelationId})")]
        public static partial void MetricRefused(ILogger logger, string metric, string? correlationId);

        [LoggerMessage(4007, LogLevel.Information, "Genesys accepted the metric {Metric} again")]
        public static partial void MetricGiven(ILogger logger, string metric);
    }
}
