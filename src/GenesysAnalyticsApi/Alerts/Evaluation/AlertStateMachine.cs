using GenesysAnalyticsApi.Alerts.Rules;

namespace GenesysAnalyticsApi.Alerts.Evaluation;

/// <summary>
/// The state machine of an alert. Pure: the result depends only on the state, the rule, the observation and the given time. The time determines whether figures
/// are too old, and whether notifications wait for the end of quiet hours.
/// <code>
/// none ── breached ──► pending ── after For ─────────► firing ── cleared ──► resolved ── breached ──► pending
///   ▲                     │ not breached                                       │ an hour later
///   └─────────────────────┴────────────────────────────────────────────────────┘
/// </code>
/// If webhooks were notified that an alert fired, the alert is not removed before they have been notified of its end. Such an alert can be pending again. If
/// its condition then no longer holds, it becomes resolved instead of being removed. An observation with a fault changes only
/// <see cref="AlertState.Doubt"/>. After a gap longer than <see cref="AlertRule.MaxAge"/>, the <c>For</c> duration of a pending alert starts again, because it
/// is unknown whether the condition held during the gap. A firing alert keeps firing until a figure clears it.
/// </summary>
internal static class AlertStateMachine
{
    public static AlertState? Observe(AlertRule rule, AlertState? state, Observation observation)
    {
        if (observation.Fault is { } fault)
        {
            return state is null || state.Doubt == fault ? state : state with { Doubt = fault };
        }

        if (state is not null && observation.AsOf <= state.AsOf)
        {
            // The observation has already been evaluated, or is older than the known figure.
            return state;
        }

        var isBreached = rule.IsBreached(observation.Value);
        var updated = state is null ? null : state with { AsOf = observation.AsOf, Value = observation.Value, Doubt = null };
        return updated switch
        {
            { Status: AlertStatus.Firing } => rule.IsCleared(observation.Value) ? updated with { Status = AlertStatus.Resolved, Since = observation.AsOf } : updated,
            { Status: AlertStatus.Pending } when isBreached => observation.AsOf - state!.AsOf > rule.MaxAge ? Begin(rule, updated, observation) : Continue(rule, updated),
            // The alert is kept if webhooks must still be notified of its end.
            { Status: AlertStatus.Pending } => updated.NotifiedAt is null ? null : updated with { Status = AlertStatus.Resolved, Since = observation.AsOf },
            _ when isBreached => Begin(rule, updated, observation),
            _ => updated,
        };
    }

    /// <summary>Whether the newest usable figure is so old that the state might no longer be true.</summary>
    public static bool IsUnknown(AlertRule rule, AlertState state, Instant now) => now - state.AsOf > rule.MaxAge;

    /// <summary>
    /// Compares the state with what webhooks were last notified of, and returns the change that they must be notified of. Returns no change during quiet hours
    /// and while the state is unknown. If the difference still exists afterward, the next call returns it.
    /// </summary>
    public static (AlertState State, AlertChange? Change) Notify(AlertRule rule, AlertState state, Instant now)
    {
        if (rule.Quiet.Includes(now) || IsUnknown(rule, state, now))
        {
            return (state, null);
        }

        return state switch
        {
            { Status: AlertStatus.Firing, NotifiedAt: null } => (state with { NotifiedAt = state.FiredAt }, AlertChange.Firing),
            { Status: not AlertStatus.Firing, NotifiedAt: not null } => (state with { NotifiedAt = null }, AlertChange.Resolved),
            _ => (state, null),
        };
    }

    private static AlertState Begin(AlertRule rule, AlertState? state, Observation observation)
    {
        var pending = new AlertState { Status = AlertStatus.Pending, Since = observation.AsOf, AsOf = observation.AsOf, Value = observation.Value, NotifiedAt = state?.NotifiedAt };
        return Continue(rule, pending);
    }

    private static AlertState Continue(AlertRule rule, AlertState pending) => pending.AsOf - pending.Since >= rule.For
        ? pending with { Status = AlertStatus.Firing, Since = pending.AsOf, FiredAt = pending.AsOf }
        : pending;
}
