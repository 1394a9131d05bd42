namespace GenesysAnalyticsApi.Alerts.Evaluation;

/// <summary>Decides how long a resolved alert stays in the list of alerts.</summary>
internal static class AlertRetention
{
    private static readonly Duration ResolvedLifetime = Duration.FromHours(1);

    /// <summary>Whether a resolved alert can be removed: it has been listed long enough, and webhooks have been notified of its end.</summary>
    public static bool IsOver(AlertState state, Instant now) => state is { Status: AlertStatus.Resolved, NotifiedAt: null } && now - state.Since > ResolvedLifetime;
}
