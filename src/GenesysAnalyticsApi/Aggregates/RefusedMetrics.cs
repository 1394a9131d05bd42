using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Catalog;
using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Metrics that the SDK names and this organisation's Genesys refuses (seen in the wild for four of them). One would fail the
/// whole question: it is left out for a day, and every answer that lacks it says so.
/// </summary>
internal sealed partial class RefusedMetrics(TimeProvider clock, ILogger<RefusedMetrics> logger)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    public int Count => _until.Keys.Count(IsRefused);

    public ImmutableArray<string> Without(MetricGroup group) => [.. group.Metrics.Where(metric => !IsRefused(metric))];

    public IReadOnlySet<string> Of(MetricGroup group) => group.Metrics.Where(IsRefused).ToHashSet(StringComparer.Ordinal);

    /// <summary>True when a refusal named metrics of those asked for and others are left: asking again without them makes sense.</summary>
    public bool Learn(ImmutableArray<string> asked, GenesysFailure failure)
    {
        if (failure.Status != 400 || failure.UpstreamMessage is null)
        {
            return false;
        }

        // Genesys lists all allowable values behind the one it refuses: what is in brackets first is the culprit.
        var named = Name().Matches(failure.UpstreamMessage.Split("llowable values")[0]).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        var news = asked.Where(named.Contains).ToList();
        if (news is [] || news.Count == asked.Length)
        {
            return false;
        }

        foreach (var metric in news)
        {
            _until[metric] = clock.GetUtcNow() + Kept;
            Log.MetricRefused(logger, metric, failure.CorrelationId);
        }

        return true;
    }

    private bool IsRefused(string metric) => _until.TryGetValue(metric, out var until) && clock.GetUtcNow() < until;

    [GeneratedRegex("[not][A-Z][A-Za-z0-9]+")]
    private static partial Regex Name();

    private static partial class Log
    {
        [LoggerMessage(4003, LogLevel.Warning, "Genesys refused the metric {Metric}; it is left out for a day (correlation id {CorrelationId})")]
        public static partial void MetricRefused(ILogger logger, string metric, string? correlationId);
    }
}
