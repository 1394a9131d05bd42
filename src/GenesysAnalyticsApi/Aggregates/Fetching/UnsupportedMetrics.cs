using System.Collections.Concurrent;
using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Facts;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// Metrics that Genesys refuses for this organisation. A single one would fail a whole request, so it is left out, and responses that lack it carry a
/// warning. <see cref="MetricGroupRequests"/> decides what is unsupported. Entries stay until a reply disproves them and are retried every hour.
/// </summary>
internal sealed partial class UnsupportedMetrics(TimeProvider clock, ILogger<UnsupportedMetrics> logger)
{
    public static readonly Duration BetweenTrials = Duration.FromHours(1);

    /// <summary>Each trial costs one request, so a refused group is retried in small steps.</summary>
    private const int MostTrials = 2;

    // Keyed by direction too: a refusal for one direction does not apply to the others.
    private readonly ConcurrentDictionary<(string Metric, string? Direction), Instant> _nextTrials = new();
    private readonly ConcurrentDictionary<(string Metric, string? Direction), Instant> _given = new();

    public int Count => _nextTrials.Keys.Select(refused => refused.Metric).Distinct(StringComparer.Ordinal).Count();

    private Instant Now => Instant.FromDateTimeOffset(clock.GetUtcNow());

    /// <summary>The metrics to request: those of the slice's group that are not refused.</summary>
    public ImmutableArray<string> Without(Slice slice)
    {
        ImmutableArray<string> left = [.. slice.Metrics.Metrics.Where(metric => !_nextTrials.ContainsKey((metric, slice.Key.Direction)))];

        // Without standard metrics there are no records, so they are requested to get the reason for the refusal.
        return left is [] && slice.Metrics == MetricCatalog.StandardGroup ? [.. slice.Metrics.Metrics] : left;
    }

    /// <summary>Returns true if the slice, possibly from another replica, lacks a metric that Genesys has accepted since.</summary>
    public bool IsOutdated(Slice slice, CachedSlice kept) =>
        kept.Refused.Any(metric => _given.TryGetValue((metric, slice.Key.Direction), out var since) && kept.FetchedAt <= since);

    public void Learn(string metric, string? direction, string? correlationId)
    {
        _nextTrials[(metric, direction)] = Now + BetweenTrials;
        Log.MetricRefused(logger, metric, correlationId);
    }

    /// <summary>Records that Genesys accepted a request for these metrics.</summary>
    public void Given(ImmutableArray<string> asked, string? direction)
    {
        var now = Now;
        foreach (var metric in asked)
        {
            _given[(metric, direction)] = now;
            if (_nextTrials.TryRemove((metric, direction), out _))
            {
                Log.MetricGiven(logger, metric);
            }
        }
    }

    /// <summary>Returns refused metrics that are due for a retry. Only one concurrent query gets them.</summary>
    public ImmutableArray<string> TakeDue(Slice slice)
    {
        var now = Now;
        return _nextTrials.IsEmpty ? [] : [.. slice.Metrics.Metrics.Where(IsTaken).Take(MostTrials)];

        bool IsTaken(string metric) =>
            _nextTrials.TryGetValue((metric, slice.Key.Direction), out var due)
            && now >= due
            && _nextTrials.TryUpdate((metric, slice.Key.Direction), now + BetweenTrials, due);
    }

    private static partial class Log
    {
        [LoggerMessage(4003, LogLevel.Warning, "Genesys refused the metric {Metric}; requests omit it and retry it every hour (correlation id {CorrelationId})")]
        public static partial void MetricRefused(ILogger logger, string metric, string? correlationId);

        [LoggerMessage(4007, LogLevel.Information, "Genesys accepted the metric {Metric} again")]
        public static partial void MetricGiven(ILogger logger, string metric);
    }
}
