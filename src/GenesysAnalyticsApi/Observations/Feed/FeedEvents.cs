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

/// <summary>The state may be published again, because the shortest interval between two states has passed.</summary>
internal sealed record PublishEvent : FeedEvent;

internal sealed record MessageEvent(ChannelSlot Slot, ChannelConnection Connection, NotificationMessage Message, Instant ReceivedAt) : FeedEvent;

/// <summary>A connection has ended, but the service did not close it.</summary>
internal sealed record LostEvent(ChannelSlot Slot, ChannelConnection Connection, string Reason) : FeedEvent;

/// <summary>An attempt to open a connection has ended.</summary>
/// <param name="Connection">Null if it failed.</param>
internal sealed record OpenedEvent(ChannelSlot Slot, ChannelConnection? Connection, Exception? Failure) : FeedEvent;

/// <summary>A query of the state has ended.</summary>
/// <param name="Snapshot">Null if it failed.</param>
internal sealed record ReadEvent(LiveSnapshot? Snapshot, Instant StartedAt, string? Failure) : FeedEvent;

/// <summary>The queues of the organization were read.</summary>
/// <param name="QueueIds">Null if they could not be read.</param>
internal sealed record QueuesEvent(IReadOnlyCollection<string>? QueueIds) : FeedEvent;
