using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Observations.State;

/// <summary>The state of all queues at one moment. Immutable, so that any number of responses and subscribers share it.</summary>
internal sealed record LiveSnapshot
{
    /// <summary>
    /// The time of the state: later events may be missing from it. With polling, this is when the state was requested. With notifications, it is when the
    /// newest message arrived on the channel that has been silent the longest.
    /// </summary>
    public required Instant AsOf { get; init; }

    /// <summary>Grows with each new state, so that a stream can recognize a newer one. Unique only within one process.</summary>
    public required long Version { get; init; }

    /// <summary>Conversations per queue × media type. A pair without conversations may be absent.</summary>
    public required ImmutableArray<QueueActivity> Queues { get; init; }

    /// <summary>Users per queue. Empty if Genesys does not permit the query for users; <see cref="Missing"/> then contains this part.</summary>
    public required ImmutableArray<QueueUsers> Users { get; init; }

    /// <summary>Parts that could not be read. The state is complete if there are none.</summary>
    public ImmutableArray<MissingPart> Missing { get; init; } = [];

    /// <summary>Entries of Genesys' replies that were dropped because they could not be read.</summary>
    public ImmutableArray<DroppedEntry> Dropped { get; init; } = [];

    /// <summary>The listed queues were requested by id, so deleted queues, which may still have conversations, are missing.</summary>
    public bool HasListedQueuesOnly { get; init; }

    /// <summary>Why the state is older than it should be, in words for the caller of the API; null if it is fresh.</summary>
    public string? StaleReason { get; init; }

    public LiveSource Source { get; init; }

    /// <summary>Notifications were lost, and this state was therefore read again by a query.</summary>
    public bool IsRepaired { get; init; }

    public bool IsComplete => Missing.IsEmpty && Dropped.IsEmpty;

    /// <summary>The ids of the queues that have conversations.</summary>
    public IEnumerable<string> ActiveQueues => Queues.Where(queue => queue.Waiting + queue.Interacting + queue.Alerting > 0).Select(queue => queue.QueueId).Distinct(StringComparer.OrdinalIgnoreCase);
}

/// <summary>The conversations of one queue × media type.</summary>
/// <param name="MediaType">Genesys' name, such as <c>voice</c>.</param>
/// <param name="Waiting">Conversations that wait for an agent (Genesys: oWaiting).</param>
/// <param name="Interacting">Conversations with an agent (oInteracting).</param>
/// <param name="Alerting">Conversations that are alerting an agent (oAlerting).</param>
/// <param name="LongestWaitingSince">
/// Start of the longest wait (oLongestWaiting, an epoch time on Genesys' clock, converted to this machine's clock); null if no conversation waits.
/// </param>
/// <param name="LongestInteractingSince">Start of the longest interaction (oLongestInteracting); null if there is none.</param>
internal sealed record QueueActivity(
    string QueueId, string MediaType, int Waiting, int Interacting, int Alerting, Instant? LongestWaitingSince, Instant? LongestInteractingSince)
{
    /// <summary>Figures that Genesys sent in a form that could not be read. Their value here, 0 or null, has no meaning.</summary>
    public LiveFigures Unreadable { get; init; }
}

/// <summary>The users of one queue. A count is null if Genesys did not send it.</summary>
/// <param name="OnQueue">Users who are on queue (oOnQueueUsers, all routing statuses).</param>
/// <param name="Active">Members with an active membership (oActiveUsers).</param>
/// <param name="Members">All members (oMemberUsers).</param>
/// <param name="OffQueue">Users who are not on queue (oOffQueueUsers).</param>
/// <param name="ByPresence">
/// Users per system presence, such as <c>AVAILABLE</c> or <c>BREAK</c> (oUserPresences, mapped from the organization's own presences).
/// </param>
/// <param name="ByRoutingStatus">Users per routing status, such as <c>IDLE</c> or <c>INTERACTING</c> (oUserRoutingStatuses).</param>
internal sealed record QueueUsers(
    string QueueId, int? OnQueue, int? Active, int? Members, int? OffQueue, ImmutableSortedDictionary<string, int> ByPresence, ImmutableSortedDictionary<string, int> ByRoutingStatus);

/// <summary>A part of the state that could not be read.</summary>
/// <param name="QueueIds">The queues without figures; empty for all queues.</param>
/// <param name="Part">What is missing.</param>
/// <param name="Reason">Why it is missing, in words for the caller of the API, without queue ids.</param>
internal sealed record MissingPart(ImmutableArray<string> QueueIds, LivePart Part, string Reason);

/// <summary>An entry of a reply that was dropped because it could not be read.</summary>
/// <param name="QueueId">Null if the entry could belong to any queue. A queue that the state does not mention is then not necessarily empty.</param>
/// <param name="Reason">Why it was dropped, without ids and without quoting the reply.</param>
internal sealed record DroppedEntry(string? QueueId, string Reason)
{
    /// <summary>
    /// The entry could be about conversations of any media type of the queue. A media type that the state does not mention is then not necessarily empty.
    /// </summary>
    public bool IsOfAnyMediaType { get; init; }
}

/// <summary>The figures about the conversations of a queue × media type.</summary>
[Flags]
internal enum LiveFigures
{
    None = 0,
    Waiting = 1,
    Interacting = 2,
    Alerting = 4,
    LongestWait = 8,
    LongestInteraction = 16,
    All = Waiting | Interacting | Alerting | LongestWait | LongestInteraction,
}

internal enum LivePart
{
    /// <summary>Waiting, interacting and alerting conversations.</summary>
    Conversations,

    /// <summary>Users per queue.</summary>
    Users,
}

/// <summary>How the service got the state.</summary>
internal enum LiveSource
{
    Polling,
    Notifications,
}
