namespace GenesysAnalyticsApi.Alerts.Evaluation;

/// <summary>One alert: a rule and a queue.</summary>
internal readonly record struct AlertKey(string Rule, string QueueId);

internal enum AlertStatus
{
    /// <summary>The condition holds, but not yet for the duration that the rule requires.</summary>
    Pending,

    Firing,

    /// <summary>The alert fired. Then a figure cleared it, or the rule no longer covered the queue.</summary>
    Resolved,
}

/// <summary>The state of one alert. A queue for which the condition has not held recently has no state.</summary>
internal sealed record AlertState
{
    public required AlertStatus Status { get; init; }

    /// <summary>
    /// The start of the status: the time of the figure that first breached the threshold, made the alert fire, or resolved it. If the rule no longer covers the
    /// queue, the time of the reading that showed this.
    /// </summary>
    public required Instant Since { get; init; }

    /// <summary>The time of the figure that made the alert fire; null if the alert has not fired since it last became pending.</summary>
    public Instant? FiredAt { get; init; }

    /// <summary>
    /// The <see cref="FiredAt"/> of the firing that webhooks were last notified of. Null if they were not notified of a firing, and after they were notified of
    /// its end.
    /// </summary>
    public Instant? NotifiedAt { get; init; }

    /// <summary>The time of <see cref="Value"/>, the newest complete figure.</summary>
    public required Instant AsOf { get; init; }

    public double? Value { get; init; }

    /// <summary>Why figures after <see cref="AsOf"/> could not be used; null if the newest figure could be used.</summary>
    public string? Doubt { get; init; }
}

/// <summary>A figure of one queue.</summary>
/// <param name="AsOf">The time of the figure: later events may be missing from it.</param>
/// <param name="Value">Null if the figure has no value, such as an average over no conversations.</param>
/// <param name="Fault">Why the figure cannot be used, for example because it is incomplete or too old; null if it can be used.</param>
internal readonly record struct Observation(Instant AsOf, double? Value, string? Fault = null);

/// <summary>A change that webhooks are notified of.</summary>
internal enum AlertChange
{
    Firing,
    Resolved,
}
