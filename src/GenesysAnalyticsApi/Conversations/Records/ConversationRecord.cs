using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Conversations.Records;

/// <summary>What became of a conversation in a queue.</summary>
internal enum ConversationOutcome
{
    /// <summary>An agent answered: there is a <c>tAnswered</c>.</summary>
    Answered,

    /// <summary>The customer left the queue before an agent answered: <c>tAbandon</c>.</summary>
    Abandoned,

    /// <summary>It left the queue in another way, such as to voicemail: <c>tFlowOut</c>.</summary>
    FlowOut,

    /// <summary>None of them yet, and the conversation runs.</summary>
    Open,
}

/// <summary>One conversation in one queue on one media type. Durations are milliseconds; null where Genesys emitted no such metric.</summary>
internal sealed record ConversationRecord
{
    /// <summary>Genesys' <c>conversationId</c>. A conversation that was in several queues has a record for each.</summary>
    public required string ConversationId { get; init; }

    /// <summary>Genesys' <c>conversationStart</c>.</summary>
    public required Instant ConversationStart { get; init; }

    /// <summary>Genesys' <c>conversationEnd</c>; null while the conversation runs. For a caller that is limited to some queues, the end of its part in these.</summary>
    public required Instant? ConversationEnd { get; init; }

    /// <summary>The queue of the segments; null for a conversation outside of any queue, such as a direct call.</summary>
    public required string? QueueId { get; init; }

    /// <summary>Null if the queue is not in the directory.</summary>
    public string? QueueName { get; init; }

    /// <summary>Genesys' <c>mediaType</c> of the session.</summary>
    public required string MediaType { get; init; }

    /// <summary>Genesys' <c>originatingDirection</c>.</summary>
    public required string? Direction { get; init; }

    /// <summary>Null for conversations that no queue routed, such as outbound calls, and for callbacks, which have none of the metrics.</summary>
    public required ConversationOutcome? Outcome { get; init; }

    /// <summary>Ids of the agents who handled it (<c>tHandle</c>) or are handling it (a segment <c>interact</c> without end), in the order in which they joined. Null without the scope agents.</summary>
    public required ImmutableArray<string>? Agents { get; init; }

    /// <summary>Sum of <c>tAcd</c> of the sessions with purpose acd.</summary>
    public required long? WaitTimeMs { get; init; }

    /// <summary>Sum of <c>tTalkComplete</c>.</summary>
    public required long? TalkTimeMs { get; init; }

    /// <summary>Sum of <c>tHeldComplete</c>.</summary>
    public required long? HoldTimeMs { get; init; }

    /// <summary>Sum of <c>tAcw</c>.</summary>
    public required long? WrapTimeMs { get; init; }

    /// <summary>Sum of <c>tHandle</c>.</summary>
    public required long? HandleTimeMs { get; init; }

    /// <summary>An agent transferred it: there is an <c>nTransferred</c>.</summary>
    public required bool Transferred { get; init; }

    /// <summary>The <c>wrapUpCode</c> of the segments, distinct, in the order of time.</summary>
    public required ImmutableArray<string> WrapUpCodes { get; init; }

    /// <summary>The <c>disconnectType</c> of the segment of acd and agents that ended last, wrap-up aside.</summary>
    public required string? DisconnectType { get; init; }

    /// <summary>The record can still change: the conversation runs, or it ended less than <c>Genesys:SettleHours</c> ago.</summary>
    public required bool Provisional { get; init; }
}
