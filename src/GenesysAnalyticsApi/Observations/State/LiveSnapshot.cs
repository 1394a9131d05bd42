using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Observations.State;

/// <summary>The state of all queues at one moment. The state is immutable, so any number of responses and subscribers can share it.</summary>
internal sealed record LiveSnapshot
{
    /// <summary>
    /// The time of the state: later events may be missing from it. With polling, this is when the state was requested. With notifications, it is when a query
    /// last read the state or, if later, when the newest message arrived on the channel that has been silent the longest.
    /// </summary>
    public required Instant AsOf { get; init; }

    /// <summary>Grows with each new state, so that a stream can recognize a newer state. Comparable only within one process.</summary>
    public required long Version { get; init; }

    /// <summary>Conversations per queue × media type. A pair without conversations may be absent.</summary>
    public required ImmutableArray<QueueActivity> Queues { get; init; }

    /// <summary>Users per queue. If the users of a queue could not be read, <see cref="Missing"/> contains this part.</summary>
    public required ImmutableArray<QueueUsers> Users { get; init; }

    /// <summary>Parts that could not be read. A complete state has no such parts.</summary>
    public ImmutableArray<MissingPart> Missing { get; init; } = [];

    /// <summary>Entries of Genesys' replies that were dropped because they could not be read. A complete state has no such entries.</summary>
    public ImmutableArray<DroppedEntry> Dropped { get; init; } = [];

    /// <summary>Whether the listed queues were requested by id. Deleted queues that still have conversations are then missing.</summary>
    public bool HasListedQueuesOnly { get; init; }

    /// <summary>Why the state is older than it should be, in words for the caller of the API; null if it is fresh.</summary>
    public string? StaleReason { get; init; }

    public LiveSource Source { get; init; }

    /// <summary>Whether notifications were lost recently, and the state was therefore read again with a query.</summary>
    public bool IsRepaired { get; init; }

    public bool IsComplete => Missing.IsEmpty && Dropped.IsEmpty;

    /// <summary>The ids of the queues that have conversations.</summary>
    public IEnumerable<string> ActiveQueues => Queues.Where(queue => queue.Waiting + queue.Interacting + queue.Alerting > 0).Select(queue => queue.QueueId).Distinct(StringComparer.OrdinalIgnoreCase);
}

/// <summary>The conversations of one queue × media type.</summary>
/// <param name="MediaType">Genesys' name, such as <c>voice</c>.</param>
/// <param name="Waiting">Conversations waiting for an agent (oWaiting).</param>
/// <param name="Interacting">Conversations with an agent (oInteracting).</param>
/// <param name="Alerting">Conversations that are alerting an agent (oAlerting).</param>
/// <param name="LongestWaitingSince">
/// Start of the longest wait (oLongestWaiting, an epoch time on Genesys' clock, converted to this machine's clock); null if no conversation is waiting.
/// </param>
/// <param name="LongestInteractingSince">Start of the longest interaction (oLongestInteracting, converted likewise); null if there is no interaction.</param>
internal sealed record QueueActivity(
    string QueueId, string MediaType, int Waiting, int Interacting, int Alerting, Instant? LongestWaitingSince, Instant? LongestInteractingSince)
{
    /// <summary>Figures that Genesys sent in a form that could not be read. The value of such a figure in this record, 0 or null, has no meaning.</summary>
    public LiveFigures Unreadable { get; init; }
}

/// <summary>The users of one queue. A count is null if Genesys did not send it.</summary>
/// <param name="OnQueue">Users of the queue who are on queue (oOnQueueUsers, the sum over all routing statuses).</param>
/// <param name="Active">Members of the queue who have joined it: their membership is active (oActiveUsers).</param>
/// <param name="Members">All members of the queue (oMemberUsers).</param>
/// <param name="OffQueue">Users of the queue who are off queue (oOffQueueUsers).</param>
/// <param name="ByPresence">
/// Users per system presence, such as <c>AVAILABLE</c> or <c>BREAK</c> (oUserPresences, mapped from the organization's own presences).
/// </param>
/// <param name="ByRoutingStatus">Users per routing status, such as <c>IDLE</c> or <c>INTERACTING</c> (oUserRoutingStatuses).</param>
internal sealed record QueueUsers(
    string QueueId, int? OnQueue, int? Active, int? Members, int? OffQueue, ImmutableSortedDictionary<string, int> ByPresence, ImmutableSortedDictionary<string, int> ByRoutingStatus);

/// <summary>A part of the state that could not be read.</summary>
/// <param name="QueueIds">The ids of the queues for which the part is missing; empty if it is missing for all queues.</param>
/// <param name="Part">The part that is missing.</param>
/// <param name="Reason">Why the part is missing, in words for the caller of the API, without queue ids.</param>
internal sealed record MissingPart(ImmutableArray<string> QueueIds, LivePart Part, string Reason);

/// <summary>An entry of a reply that was dropped because it could not be read.</summary>
/// <param name="QueueId">Null if the entry could belong to any queue. A queue that the state does not mention is then not necessarily empty.</param>
/// <param name="Reason">Why the entry was dropped. The reason contains no ids and does not quote the reply.</param>
internal sealed record DroppedEntry(string? QueueId, string Reason)
{
    /// <summary>
    /// Whether the entry could be about conversations of any media type in the queue. A media type that the state does not mention is then not necessarily
    /// empty.
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
    /// <summary>The figures about conversations per queue × media type.</summary>
    Conversations,

    /// <summary>The figures about users per queue.</summary>
    Users,
}

/// <summary>How the service got the state.</summary>
internal enum LiveSource
{
    Polling,
    Notifications,
}
