using GenesysAnalyticsApi.Genesys.Notifications;
using GenesysAnalyticsApi.Observations.State;

namespace GenesysAnalyticsApi.Observations.Feed;

/// <summary>An event that <see cref="NotificationFeed"/> handles. One loop handles all of them, so the state needs no lock.</summary>
internal abstract record FeedEvent
{
    public static FeedEvent Tick { get; } = new TickEvent();

    public static FeedEvent Publish { get; } = new PublishEvent();
}

/// <summary>The timer has fired.</summary>
internal sealed record TickEvent : FeedEvent;

/// <summary>The minimum interval between two published states has passed, so the state can be published again.</summary>
internal sealed record PublishEvent : FeedEvent;

/// <summary>A message has arrived.</summary>
internal sealed record MessageEvent(ChannelSlot Slot, ChannelConnection Connection, NotificationMessage Message, Instant ReceivedAt) : FeedEvent;

/// <summary>A connection that the service did not close has ended.</summary>
internal sealed record LostEvent(ChannelSlot Slot, ChannelConnection Connection, string Reason) : FeedEvent;

/// <summary>An attempt to open a connection has ended.</summary>
/// <param name="Connection">Null if the attempt failed.</param>
internal sealed record OpenedEvent(ChannelSlot Slot, ChannelConnection? Connection, Exception? Failure) : FeedEvent;

/// <summary>A query for the state has ended.</summary>
/// <param name="Snapshot">Null if the query failed.</param>
internal sealed record ReadEvent(LiveSnapshot? Snapshot, Instant StartedAt, string? Failure) : FeedEvent;

/// <summary>An attempt to read the queues of the organization has ended.</summary>
/// <param name="QueueIds">Null if the attempt failed.</param>
internal sealed record QueuesEvent(IReadOnlyCollection<string>? QueueIds) : FeedEvent;
