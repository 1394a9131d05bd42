using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Observability;

namespace GenesysAnalyticsApi.Alerts.Webhooks;

/// <summary>The outcome of a notification.</summary>
internal enum NotificationOutcome
{
    Delivered,

    /// <summary>The receiver rejected it, or did not accept it within a day.</summary>
    Failed,

    /// <summary>Dropped, because too many newer notifications were waiting.</summary>
    Dropped,
}

/// <summary>Counts notifications.</summary>
internal sealed class AlertsTelemetry(ServiceMeter meter)
{
    private readonly Counter<long> _notifications = meter.Counter(
        "alerts.notifications", "{notification}", "Notifications of alerts by outcome.", "outcome", Enum.GetNames<NotificationOutcome>().Select(name => name.ToLowerInvariant()));

    public void Count(NotificationOutcome outcome) => _notifications.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString().ToLowerInvariant()));
}
