namespace GenesysAnalyticsApi.Alerts.Evaluation;

/// <summary>One alert: a rule and a queue.</summary>
internal readonly record struct AlertKey(string Rule, string QueueId);

internal enum AlertStatus
{
    /// <summary>The condition holds, but not yet for as long as the rule demands.</summary>
    Pending,

    Firing,

    /// <summary>The alert fired, and the condition no longer holds.</summary>
    Resolved,
}

/// <summary>What is known of an alert. Without any, the condition does not hold.</summary>
internal sealed record AlertState
{
    public required AlertStatus Status { get; init; }

    /// <summary>Since when, in the time of the figures: the first figure that breached the threshold, made the alert fire or resolved it.</summary>
    public required Instant Since { get; init; }

    /// <summary>When the alert fired last; null if it has not fired yet.</summary>
    public Instant? FiredAt { get; init; }

    /// <summary>The <see cref="FiredAt"/> that webhooks were told and not yet told the end of; null if they know of none.</summary>
    public Instant? NotifiedAt { get; init; }

    /// <summary>The age of <see cref="Value"/>: the newest figure that was complete.</summary>
    public required Instant AsOf { get; init; }

    public double? Value { get; init; }

    /// <summary>Why figures after <see cref="AsOf"/> could not be used; null if there were none.</summary>
    public string? Doubt { get; init; }
}

/// <summary>A figure of one queue.</summary>
/// <param name="AsOf">The figure contains nothing that happened later.</param>
/// <param name="Value">Null if the figure has no value, such as an average of nothing.</param>
/// <param name="Fault">Why the figure decides nothing: it is incomplete or too old. Null if it can be used.</param>
internal readonly record struct Observation(Instant AsOf, double? Value, string? Fault = null);

/// <summary>A change that webhooks are told.</summary>
internal enum AlertChange
{
    Firing,
    Resolved,
}
