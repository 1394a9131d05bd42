using System.Collections.Concurrent;
using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// Metrics that Genesys refuses to this organisation. One of them would fail a whole question: it is left out, and every answer that
/// lacks it says so. <see cref="MetricGroupRequests"/> decides what is refused; here it is remembered until an answer disproves it, and is
/// due to be tried again every hour.
/// </summary>
internal sealed partial class UnsupportedMetrics(TimeProvider clock, ILogger<UnsupportedMetrics> logger)
{
    public static readonly Duration BetweenTrials = Duration.FromHours(1);

    /// <summary>A trial costs a call for each metric: a whole group that is refused is tried little by little.</summary>
    private const int MostTrials = 2;

    // By direction too: the question is another one then, and what it is refused says nothing about the others.
    private readonly ConcurrentDictionary<(string Metric, string? Direction), Instant> _nextTrials = new();
    private readonly ConcurrentDictionary<(string Metric, string? Direction), Instant> _given = new();

    public int Count => _nextTrials.Keys.Select(refused => refused.Metric).Distinct(StringComparer.Ordinal).Count();

    private Instant Now => Instant.FromDateTimeOffset(clock.GetUtcNow());

    /// <summary>The metrics to ask for: those of the slice's group that are not refused.</summary>
    public ImmutableArray<string> Without(Slice slice)
    {
        ImmutableArray<string> left = [.. slice.Metrics.Metrics.Where(metric => !_nextTrials.ContainsKey((metric, slice.Key.Direction)))];

        // Without any standard metric there is no record to be made: rather ask and hear why not.
        return left is [] && slice.Metrics == MetricCatalog.StandardGroup ? [.. slice.Metrics.Metrics] : left;
    }

    /// <summary>Whether the slice, which may be of another replica, lacks a metric that Genesys has given since.</summary>
    public bool IsOutdated(Slice slice, CachedSlice kept) =>
        kept.Refused.Any(metric => _given.TryGetValue((metric, slice.Key.Direction), out var since) && kept.FetchedAt <= since);

    public void Learn(string metric, string? direction, string? correlationId)
    {
        _nextTrials[(metric, direction)] = Now + BetweenTrials;
        Log.MetricRefused(logger, metric, correlationId);
    }

    /// <summary>Genesys has answered a question for these metrics: none of them is refused.</summary>
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

    /// <summary>Refused metrics that are due to be tried again. One asker gets them; the others go on without them.</summary>
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
        [LoggerMessage(4003, LogLevel.Warning, "Genesys refuses the metric {Metric}; questions leave it out and try it again every hour (correlation id {CorrelationId})")]
        public static partial void MetricRefused(ILogger logger, string metric, string? correlationId);

        [LoggerMessage(4007, LogLevel.Information, "Genesys gives the metric {Metric} again")]
        public static partial void MetricGiven(ILogger logger, string metric);
    }
}
