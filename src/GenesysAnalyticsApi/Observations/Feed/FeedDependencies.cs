using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Genesys.Limits;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.Notifications;
using GenesysAnalyticsApi.Genesys.RealTime;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Observations.Feed;

/// <summary>The services that <see cref="NotificationFeed"/> needs.</summary>
/// <param name="State">Receives the state that the feed maintains, and reads the state from Genesys while the feed maintains no state.</param>
/// <param name="Reader">Reads the state with queries.</param>
internal sealed record FeedDependencies(
    LiveState State,
    SharedLiveReader Reader,
    QueueDirectory Directory,
    INotificationChannels Channels,
    INotificationSockets Sockets,
    GenesysClock GenesysClock,
    PresenceMap Presences,
    LimitCeilings Ceilings,
    NotificationTelemetry Telemetry,
    IOptions<GenesysOptions> Options,
    TimeProvider Clock,
    ILogger<NotificationFeed> Logger);

/// <summary>Counts the messages of notification channels, and the gaps in these messages.</summary>
internal sealed class NotificationTelemetry(ServiceMeter meter)
{
    private readonly Counter<long> _messages = meter.Counter(
        "notifications.messages", "{message}", "Messages that arrived on Genesys' notification channels.", "kind", "activity", "observations", "system", "unreadable");

    private readonly Counter<long> _gaps = meter.Counter("notifications.gaps", "{gap}", "Gaps in the notifications, after each of which the state of the queues is read again.");

    public void Received(NotificationMessage message) => _messages.Add(1, new KeyValuePair<string, object?>("kind", message switch
    {
        UnreadableMessage or QueueActivityMessage { Page.Invalid.Count: > 0 } or QueueUsersMessage { Page.Invalid.Count: > 0 } => "unreadable",
        QueueActivityMessage => "activity",
        QueueUsersMessage => "observations",
        _ => "system",
    }));

    public void Gap() => _gaps.Add(1);
}
