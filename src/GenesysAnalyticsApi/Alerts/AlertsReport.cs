using System.Globalization;
using GenesysAnalyticsApi.Alerts.Evaluation;
using GenesysAnalyticsApi.Alerts.Rules;
using GenesysAnalyticsApi.Directories.Endpoints;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Alerts;

/// <summary>Builds the response of <c>GET /alerts</c> from the alerts. Pure.</summary>
/// <param name="directory">The queues that the caller can see.</param>
/// <param name="visibility">The caller's visibility. It also decides about queues that the directory does not contain.</param>
internal sealed class AlertsReport(AlertRegister? register, IReadOnlyList<AlertRule> rules, QueueDirectorySnapshot directory, QueueVisibility visibility, Instant now)
{
    private static readonly string[] Order = ["firing", AlertNames.Unknown, "pending", "resolved"];

    private readonly AlertRegister _register = register ?? AlertRegister.Empty;

    /// <summary>
    /// The rules that are evaluated for a queue that the caller can see, or that have an alert for such a queue. Other rules are hidden, because the name of a
    /// rule can contain the name of a queue. A caller who can see all queues can see all rules.
    /// </summary>
    public IReadOnlyList<AlertRule> VisibleRules { get; } =
        [.. rules.Where(rule => IsEvaluated(rule, directory, visibility) || register?.States.Keys.Any(key => key.Rule == rule.Name && visibility.Includes(GenesysId.Canonical(key.QueueId), directory)) == true)];

    public AlertsResponse ResponseOf(IReadOnlyCollection<string> states, IReadOnlyCollection<string> names)
    {
        var wanted = VisibleRules.Where(rule => names.Count == 0 || names.Contains(rule.Name, StringComparer.OrdinalIgnoreCase)).ToList();
        var metas = wanted.ConvertAll(MetaOf);
        var alerts = wanted.SelectMany(RecordsOf)
            .Where(alert => states.Count == 0 || states.Contains(alert.State, StringComparer.Ordinal))
            .OrderBy(alert => Array.IndexOf(Order, alert.State))
            .ThenBy(alert => alert.Rule, StringComparer.OrdinalIgnoreCase)
            .ThenBy(alert => alert.QueueId is null)
            .ThenBy(alert => alert.QueueName, StringComparer.OrdinalIgnoreCase)
            .ThenBy(alert => alert.QueueId, StringComparer.Ordinal);
        var asOf = metas.Exists(meta => meta.AsOf is null) ? null : metas.Min(meta => meta.AsOf);
        return new AlertsResponse([.. alerts], new AlertsMeta(asOf, metas.Max(meta => asOf is null ? null : meta.AgeMs), metas.TrueForAll(meta => meta.Complete), metas));
    }

    private AlertRuleMeta MetaOf(AlertRule rule)
    {
        var status = _register.Rules.GetValueOrDefault(rule.Name);
        var partialFault = FaultOf(rule) is null && status is { Unknown: [_, ..] unknown } && unknown.Any(CanSee) ? "For some queues, no figure is both current and complete, so their alerts keep their last state or are unknown." : null;
        var detail = FaultOf(rule) ?? partialFault;
        return new(rule.Name, status?.AsOf?.ToRecordTime(), status?.AsOf is { } asOf ? AlertNames.AgeMs(asOf, now) : null, detail is null, detail);
    }

    /// <summary>
    /// Returns the fault that affects the whole rule, all its newest figures, or queues that the caller can see; null if there is none. Even if the newest
    /// figures have a fault, earlier figures can still be current.
    /// </summary>
    private string? FaultOf(AlertRule rule) => !IsEvaluated(rule, directory, visibility) ? null : _register.Rules.GetValueOrDefault(rule.Name) switch
    {
        null => "The rule has not been evaluated yet, or the replica that evaluates it cannot be reached through Redis.",
        { Fault: { } fault, NotEvaluated: var queues } when queues.IsEmpty || queues.Any(CanSee) => fault,
        { AsOf: { } asOf } when now - asOf > rule.MaxAge => AlertNames.TooOld(now - asOf, rule.MaxAge),
        _ => null,
    };

    private IEnumerable<AlertRecord> RecordsOf(AlertRule rule)
    {
        var statesByQueue = _register.States.Where(state => state.Key.Rule == rule.Name && CanSee(state.Key.QueueId)).ToDictionary(state => state.Key.QueueId, state => state.Value, StringComparer.OrdinalIgnoreCase);
        foreach (var (queueId, state) in statesByQueue)
        {
            yield return RecordOf(rule, queueId, state);
        }

        var status = _register.Rules.GetValueOrDefault(rule.Name);
        if (FaultOf(rule) is { } fault && (status?.AsOf is not { } asOf || now - asOf > rule.MaxAge))
        {
            yield return UnknownOf(rule, null, fault);
            yield break;
        }

        foreach (var queueId in (status?.Unknown ?? []).Where(id => CanSee(id) && !statesByQueue.ContainsKey(id)))
        {
            yield return UnknownOf(rule, queueId, "The queue has no current and complete figure.");
        }
    }

    private AlertRecord RecordOf(AlertRule rule, string queueId, AlertState state)
    {
        // A resolved alert stays resolved, even without current figures.
        var isUnknown = state.Status != AlertStatus.Resolved && AlertStateMachine.IsUnknown(rule, state, now);
        return new AlertRecord
        {
            Rule = rule.Name,
            State = isUnknown ? AlertNames.Unknown : AlertNames.Of(state.Status),
            LastState = isUnknown ? AlertNames.Of(state.Status) : null,
            QueueId = queueId,
            QueueName = directory.Find(queueId)?.Name,
            MediaType = rule.MediaType,
            Figure = rule.Figure,
            Period = rule.Period?.Name,
            Value = state.Value,
            Threshold = rule.Threshold,
            Comparison = rule.Comparison.Name(),
            Since = state.Since.ToRecordTime(),
            FiredAt = state.FiredAt?.ToRecordTime(),
            AsOf = state.AsOf.ToRecordTime(),
            AgeMs = AlertNames.AgeMs(state.AsOf, now),
            Complete = state.Doubt is null && !isUnknown,
            Detail = DetailOf(rule, state),
        };
    }

    private AlertRecord UnknownOf(AlertRule rule, string? queueId, string detail) => new()
    {
        Rule = rule.Name,
        State = AlertNames.Unknown,
        QueueId = queueId,
        QueueName = queueId is null ? null : directory.Find(queueId)?.Name,
        MediaType = rule.MediaType,
        Figure = rule.Figure,
        Period = rule.Period?.Name,
        Value = null,
        Threshold = rule.Threshold,
        Comparison = rule.Comparison.Name(),
        Since = null,
        AsOf = null,
        AgeMs = null,
        Complete = false,
        Detail = detail,
    };

    private static string DetailOf(AlertRule rule, AlertState state)
    {
        var relation = rule.IsBreached(state.Value) ? rule.Comparison.Words() : "within";
        var text = state.Value is { } value
            ? string.Create(CultureInfo.InvariantCulture, $"{rule.Figure} is {value}, {relation} the threshold {rule.Threshold}.")
            : $"{rule.Figure} has no value.";
        return state.Doubt is { } doubt ? $"{text} Newer figures could not be used: {doubt}" : text;
    }

    /// <summary>
    /// Whether the rule is evaluated for a queue that the caller can see. It is not evaluated for queues that Genesys no longer lists, so its faults do not
    /// concern a caller that sees only such queues.
    /// </summary>
    private static bool IsEvaluated(AlertRule rule, QueueDirectorySnapshot directory, QueueVisibility visibility) =>
        visibility.IsAll || rule.Queues.Filter(directory).Queues.Any(queue => queue.Listed);

    private bool CanSee(string queueId) => visibility.Includes(GenesysId.Canonical(queueId), directory);
}
