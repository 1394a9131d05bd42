using GenesysAnalyticsApi.Alerts.Rules;

namespace GenesysAnalyticsApi.Alerts.Evaluation;

/// <summary>
/// The state machine of an alert. Pure: the result depends only on the state, the rule, the observation and the given time. The time determines whether figures
/// are too old, and whether notifications wait for the end of quiet hours.
/// <code>
/// none ── breached ──► pending ── breached for For ──► firing ── cleared ──► resolved ── breached ──► pending
///   ▲                     │ not breached                                       │ an hour later
///   └─────────────────────┴────────────────────────────────────────────────────┘
/// </code>
/// An observation with a fault changes only <see cref="AlertState.Doubt"/>. After a gap longer than <see cref="AlertRule.MaxAge"/>, a pending alert starts
/// its <c>For</c> again, because it is unknown whether the condition held during the gap; a firing alert keeps firing until a figure clears it.
/// </summary>
internal static class AlertStateMachine
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
            // The observation was evaluated before, or is older than the known figure.
            return state;
        }

        var isBreached = rule.IsBreached(seen.Value);
        var seenState = state is null ? null : state with { AsOf = seen.AsOf, Value = seen.Value, Doubt = null };
        return seenState switch
        {
            { Status: AlertStatus.Firing } => rule.IsCleared(seen.Value) ? seenState with { Status = AlertStatus.Resolved, Since = seen.AsOf } : seenState,
            { Status: AlertStatus.Pending } when isBreached => seen.AsOf - state!.AsOf > rule.MaxAge ? Begin(rule, seenState, seen) : Continue(rule, seenState),
            // The alert is kept if webhooks must still be notified of its end.
            { Status: AlertStatus.Pending } => seenState.NotifiedAt is null ? null : seenState with { Status = AlertStatus.Resolved, Since = seen.AsOf },
            _ when isBreached => Begin(rule, seenState, seen),
            _ => seenState,
        };
    }

    /// <summary>Whether a resolved alert has been shown long enough and webhooks have been notified of its end, so that it can be removed.</summary>
    public static bool IsOver(AlertState state, Instant now) => state is { Status: AlertStatus.Resolved, NotifiedAt: null } && now - state.Since > ResolvedLife;

    /// <summary>Whether the newest figure is so old that the state may no longer be true.</summary>
    public static bool IsUnknown(AlertRule rule, AlertState state, Instant now) => now - state.AsOf > rule.MaxAge;

    /// <summary>
    /// Compares the state with what webhooks were notified of, and returns the change of which they must be notified. Returns none during quiet hours and while
    /// the state is unknown; a difference that still exists after that is returned then.
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
