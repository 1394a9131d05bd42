using GenesysAnalyticsApi.Genesys.RealTime;

namespace GenesysAnalyticsApi.Genesys.Notifications;

/// <summary>One message of a notification channel.</summary>
internal abstract record NotificationMessage;

/// <summary>All figures about the current conversations of a queue. They replace all known figures about the conversations of the queue.</summary>
/// <param name="Page">A media type that is missing from the page has no conversations.</param>
internal sealed record QueueActivityMessage(string QueueId, ActivityPage Page) : NotificationMessage;

/// <summary>Figures about the users of a queue. They replace the known figures of the same metrics.</summary>
internal sealed record QueueUsersMessage(string QueueId, ActivityPage Page) : NotificationMessage;

/// <summary>The channel is alive: a heartbeat, or the reply to a ping.</summary>
/// <param name="IsPong">Whether the message is the reply to a ping.</param>
internal sealed record HeartbeatMessage(bool IsPong) : NotificationMessage;

/// <summary>Genesys will close the socket in about a minute. Another socket must be opened before then.</summary>
internal sealed record SocketClosingMessage : NotificationMessage;

/// <summary>The channel will send no more messages: its topics were replaced, or the token was revoked.</summary>
internal sealed record SubscriptionEndedMessage(string Topic) : NotificationMessage;

/// <summary>A message with a topic or a figure that this service does not use.</summary>
internal sealed record OtherMessage : NotificationMessage;

/// <summary>A message that cannot be read. Its content is lost.</summary>
internal sealed record UnreadableMessage : NotificationMessage;
