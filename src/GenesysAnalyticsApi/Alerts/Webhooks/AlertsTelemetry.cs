using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Observability;

namespace GenesysAnalyticsApi.Alerts.Webhooks;

/// <summary>The outcome of a notification.</summary>
internal enum NotificationOutcome
{
    Delivered,

    /// <summary>
    /// The receiver rejected the notification or did not accept it within a day, or the service cannot send it: its webhook has no allowed address or is no
    /// longer configured.
    /// </summary>
    Failed,

    /// <summary>The notification was dropped, because too many newer notifications were waiting for the webhook.</summary>
    Dropped,
}

/// <summary>Counts notifications by outcome.</summary>
internal sealed class AlertsTelemetry(ServiceMeter meter)
{
    private readonly Counter<long> _notifications = meter.Counter(
        "alerts.notifications", "{notification}", "Notifications of alerts by outcome.", "outcome", Enum.GetNames<NotificationOutcome>().Select(name => name.ToLowerInvariant()));

    public void Count(NotificationOutcome outcome) => _notifications.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString().ToLowerInvariant()));
}
