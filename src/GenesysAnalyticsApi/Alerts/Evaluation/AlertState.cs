namespace GenesysAnalyticsApi.Alerts.Evaluation;

/// <summary>One alert: a rule and a queue.</summary>
internal readonly record struct AlertKey(string Rule, string QueueId);

internal enum AlertStatus
{
    /// <summary>The condition holds, but not yet for the duration that the rule requires.</summary>
    Pending,

    Firing,

    /// <summary>The alert fired, and the condition no longer holds.</summary>
    Resolved,
}

/// <summary>The state of one alert. There is no state for a queue for which the condition has not held recently.</summary>
internal sealed record AlertState
{
    public required AlertStatus Status { get; init; }

    /// <summary>The start of the status: the time of the first figure that breached the threshold, made the alert fire or resolved it.</summary>
    public required Instant Since { get; init; }

    /// <summary>When the alert fired last; null if it has not fired yet.</summary>
    public Instant? FiredAt { get; init; }

    /// <summary>The <see cref="FiredAt"/> of which webhooks were notified, until they have been notified of the end; otherwise null.</summary>
    public Instant? NotifiedAt { get; init; }

    /// <summary>The time of <see cref="Value"/>, the newest complete figure.</summary>
    public required Instant AsOf { get; init; }

    public double? Value { get; init; }

    /// <summary>Why figures after <see cref="AsOf"/> could not be used; null if there were none.</summary>
    public string? Doubt { get; init; }
}

/// <summary>A figure of one queue.</summary>
/// <param name="AsOf">The time of the figure, which may not reflect later events.</param>
/// <param name="Value">Null if the figure has no value, such as an average over no conversations.</param>
/// <param name="Fault">Why the figure is not used: it is incomplete or too old. Null if it can be used.</param>
internal readonly record struct Observation(Instant AsOf, double? Value, string? Fault = null);

/// <summary>A change of which webhooks are notified.</summary>
internal enum AlertChange
{
    Firing,
    Resolved,
}
