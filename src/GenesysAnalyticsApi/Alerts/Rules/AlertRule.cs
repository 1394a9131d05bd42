using System.Collections.Immutable;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Alerts.Rules;

/// <summary>A valid rule.</summary>
internal sealed record AlertRule
{
    public required string Name { get; init; }

    /// <summary>The queues that the rule covers.</summary>
    public QueueVisibility Queues { get; init; } = QueueVisibility.All;

    /// <summary>In lower case; null for all media types.</summary>
    public string? MediaType { get; init; }

    public required string Figure { get; init; }

    /// <summary>Null for a live figure.</summary>
    public AlertPeriod? Period { get; init; }

    public AlertComparison Comparison { get; init; }

    public required double Threshold { get; init; }

    /// <summary>The value that the figure must reach or pass before a firing alert is resolved.</summary>
    public double ClearThreshold { get; init; }

    /// <summary>How long the condition must hold before the alert fires.</summary>
    public Duration For { get; init; }

    /// <summary>Figures older than this do not change an alert. After a gap longer than this, the <see cref="For"/> duration of a pending alert starts again.</summary>
    public required Duration MaxAge { get; init; }

    public QuietHours Quiet { get; init; } = QuietHours.None;

    public ImmutableArray<string> Webhooks { get; init; } = [];

    public bool IsLive => Period is null;

    /// <summary>Whether the condition holds. A figure without a value, such as an average over no conversations, does not breach a threshold.</summary>
    public bool IsBreached(double? value) => value is { } number && Comparison.IsBreached(number, Threshold);

    /// <summary>
    /// Whether the value resolves a firing alert. While the value is between the two thresholds, the alert keeps firing. A figure without a value resolves it.
    /// </summary>
    public bool IsCleared(double? value) => !IsBreached(value) && (value is not { } number || Comparison.IsCleared(number, ClearThreshold));
}

/// <summary>All rules of the service, sorted by name.</summary>
internal sealed class AlertRules(IOptions<AlertsOptions> options, IOptions<ObservationsOptions> observations)
{
    private static readonly TimeSpan LiveMaxAge = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan AggregatesMaxAge = TimeSpan.FromMinutes(5);

    public ImmutableArray<AlertRule> All { get; } =
        [.. options.Value.Rules.Values.Select(rule => Of(rule, observations.Value.MaxAge)).OrderBy(rule => rule.Name, StringComparer.OrdinalIgnoreCase)];

    /// <param name="options">Checked by <see cref="AlertsOptionsValidator"/>.</param>
    /// <param name="interval">The interval at which the live state is read. By default, a live figure stays current even if two reads fail.</param>
    private static AlertRule Of(AlertRuleOptions options, TimeSpan interval)
    {
        var live = TimeSpan.FromTicks(Math.Max(LiveMaxAge.Ticks, 3 * interval.Ticks));
        var zone = QuietHours.ZoneOf(options.TimeZone);
        var period = options.Period is { Length: > 0 } text ? AlertPeriod.Parse(text, zone, Unexpected) : null;
        return new AlertRule
        {
            Name = options.Name!,
            Queues = options.Queues is [] && options.Divisions is [] ? QueueVisibility.All : QueueVisibility.Of(options.Queues, options.Divisions),
            MediaType = options.MediaType?.ToLowerInvariant(),
            Figure = options.Figure!,
            Period = period,
            Comparison = options.Comparison,
            Threshold = options.Threshold!.Value,
            ClearThreshold = options.ClearThreshold ?? options.Threshold.Value,
            For = Duration.FromTimeSpan(options.For),
            MaxAge = Duration.FromTimeSpan(options.MaxAge ?? (period is null ? live : AggregatesMaxAge)),
            Quiet = QuietHours.Parse(options.QuietHours, options.QuietDays, zone, Unexpected, Unexpected),
            Webhooks = [.. options.Webhooks.Distinct(StringComparer.OrdinalIgnoreCase)],
        };
    }

    private static void Unexpected(string message) => throw new InvalidOperationException($"The validator accepted an invalid rule: {message}");
}
