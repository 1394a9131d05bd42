using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Alerts.Evaluation;
using GenesysAnalyticsApi.Alerts.Rules;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Alerts;

/// <summary>
/// Exports alerts as gauges. Only the replica that evaluates the rules has the alerts. When an alert ends or another replica takes over, the series of the
/// alert continue with the value 0, because a series that gets no new value would keep its last value.
/// </summary>
internal sealed class AlertGauges
{
    /// <summary>
    /// The maximum number of alerts with their own series. Each of these alerts has three series, and OpenTelemetry merges all series of a metric beyond 2,000.
    /// </summary>
    internal const int MaxShown = 600;

    private static readonly string[] States = ["pending", "firing", AlertNames.Unknown];

    private readonly ConcurrentDictionary<AlertKey, string> _shown = new();
    private readonly AlertRules _rules;
    private readonly AlertEvaluator _evaluator;
    private readonly QueueDirectory _directory;
    private readonly TimeProvider _clock;

    public AlertGauges(ServiceMeter meter, AlertRules rules, AlertEvaluator evaluator, QueueDirectory directory, TimeProvider clock)
    {
        (_rules, _evaluator, _directory, _clock) = (rules, evaluator, directory, clock);
        meter.Gauge("alerts.evaluating", null, "1 on the replica that evaluates the alert rules, otherwise 0.", () => evaluator.Current is null ? 0 : 1);
        meter.Gauge("alerts", null, "1 if the alert of the rule for the queue is in the state (pending, firing or unknown), otherwise 0.", () => ByQueue());
        meter.Gauge("alerts.queues", null, "Number of queues for which the alert of the rule is in the state.", () => rules.All.SelectMany(CountsOf));
        meter.Gauge("alerts.figures.age", "s", "Age of the newest figures of the rule; absent until there are figures.", () => rules.All.SelectMany(AgesOf));
        meter.Gauge("alerts.waiting", null, "Notifications that are still waiting to be delivered.", () => evaluator.Current?.Outbox.Count ?? 0);
    }

    private Instant Now => Instant.FromDateTimeOffset(_clock.GetUtcNow());

    private IEnumerable<Measurement<double>> ByQueue()
    {
        var (register, now) = (_evaluator.Current ?? AlertRegister.Empty, Now);
        foreach (var key in register.States.Keys.Where(_ => _shown.Count < MaxShown))
        {
            _shown.TryAdd(key, _directory.Current?.Find(key.QueueId)?.Name ?? "");
        }

        var rules = _rules.All.ToDictionary(rule => rule.Name, StringComparer.Ordinal);
        return _shown.SelectMany(shown => States.Select(state => new Measurement<double>(
            register.States.GetValueOrDefault(shown.Key) is { } known && rules.TryGetValue(shown.Key.Rule, out var rule) && StateOf(rule, known, now) == state ? 1 : 0,
            Tag("rule", shown.Key.Rule), Tag("queue_id", shown.Key.QueueId), Tag("queue", shown.Value), Tag("state", state))));
    }

    private IEnumerable<Measurement<double>> CountsOf(AlertRule rule)
    {
        var (register, now) = (_evaluator.Current ?? AlertRegister.Empty, Now);
        var counts = register.States.Where(state => state.Key.Rule == rule.Name).CountBy(state => StateOf(rule, state.Value, now)).ToDictionary();
        return States.Select(state => new Measurement<double>(counts.GetValueOrDefault(state), Tag("rule", rule.Name), Tag("state", state)));
    }

    private IEnumerable<Measurement<double>> AgesOf(AlertRule rule) =>
        _evaluator.Current?.Rules.GetValueOrDefault(rule.Name)?.AsOf is { } asOf ? [new((Now - asOf).TotalSeconds, Tag("rule", rule.Name))] : [];

    private static string StateOf(AlertRule rule, AlertState state, Instant now) =>
        state.Status != AlertStatus.Resolved && AlertStateMachine.IsUnknown(rule, state, now) ? AlertNames.Unknown : AlertNames.Of(state.Status);

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
