using GenesysAnalyticsApi.Alerts.Rules;

namespace GenesysAnalyticsApi.Alerts.Evaluation;

/// <summary>
/// The state machine of an alert. Pure: the state, the rule and the observation decide, and the clock decides only what is too old and when quiet hours are.
/// <code>
/// none ── breached ──► pending ── breached for For ──► firing ── cleared ──► resolved ── breached ──► pending
///   ▲                     │ not breached                                       │ an hour later
///   └─────────────────────┴────────────────────────────────────────────────────┘
/// </code>
/// An observation with a fault changes nothing but <see cref="AlertState.Doubt"/>. After a gap longer than <see cref="AlertRule.MaxAge"/>, the time of a
/// pending alert begins again, because no one knows what happened meanwhile; a firing alert keeps firing until a figure clears it.
/// </summary>
internal static class AlertMachine
{
    /// <summary>How long a resolved alert is shown.</summary>
    public static readonly Duration ResolvedLife = Duration.FromHours(1);

    public static AlertState? Observe(AlertRule rule, AlertState? state, Observation seen)
    {
        if (seen.Fault is { } fault)
        {
            return state is null || state.Doubt == fault ? state : state with { Doubt = fault };
        }

        if (state is not null && seen.AsOf <= state.AsOf)
        {
            // Seen before, or older than what is known.
            return state;
        }

        var isBreached = rule.IsBreached(seen.Value);
        var seenState = state is null ? null : state with { AsOf = seen.AsOf, Value = seen.Value, Doubt = null };
        return seenState switch
        {
            { Status: AlertStatus.Firing } => rule.IsCleared(seen.Value) ? seenState with { Status = AlertStatus.Resolved, Since = seen.AsOf } : seenState,
            { Status: AlertStatus.Pending } when isBreached => seen.AsOf - state!.AsOf > rule.MaxAge ? Begin(rule, seenState, seen) : Continue(rule, seenState),
            // A change that webhooks still have to be told is kept.
            { Status: AlertStatus.Pending } => seenState.NotifiedAt is null ? null : seenState with { Status = AlertStatus.Resolved, Since = seen.AsOf },
            _ when isBreached => Begin(rule, seenState, seen),
            _ => seenState,
        };
    }

    /// <summary>Forgets a resolved alert of which everything has been said.</summary>
    public static bool IsOver(AlertState state, Instant now) => state is { Status: AlertStatus.Resolved, NotifiedAt: null } && now - state.Since > ResolvedLife;

    /// <summary>Whether the newest figure is so old that the state may no longer be true.</summary>
    public static bool IsUnknown(AlertRule rule, AlertState state, Instant now) => now - state.AsOf > rule.MaxAge;

    /// <summary>
    /// Compares what webhooks know with the state. During quiet hours, and while the state is unknown, nothing is said; what still differs afterwards is said then.
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

    private static AlertState Begin(AlertRule rule, AlertState? state, Observation seen)
    {
        var pending = new AlertState { Status = AlertStatus.Pending, Since = seen.AsOf, AsOf = seen.AsOf, Value = seen.Value, NotifiedAt = state?.NotifiedAt };
        return Continue(rule, pending);
    }

    private static AlertState Continue(AlertRule rule, AlertState pending) => pending.AsOf - pending.Since >= rule.For
        ? pending with { Status = AlertStatus.Firing, Since = pending.AsOf, FiredAt = pending.AsOf }
        : pending;
}
