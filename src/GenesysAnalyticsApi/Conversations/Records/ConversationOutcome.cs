using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Conversations.Records;

/// <summary>The outcome of a conversation in a queue.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConversationOutcome>))]
internal enum ConversationOutcome
{
    /// <summary>An agent answered the conversation: it has a <c>tAnswered</c>.</summary>
    [JsonStringEnumMemberName("answered")]
    Answered,

    /// <summary>The customer left the queue before an agent answered: the conversation has a <c>tAbandon</c>.</summary>
    [JsonStringEnumMemberName("abandoned")]
    Abandoned,

    /// <summary>The conversation left the queue in another way, such as to voicemail: it has a <c>tFlowOut</c>.</summary>
    [JsonStringEnumMemberName("flowOut")]
    FlowOut,

    /// <summary>The conversation is in progress and has no other outcome yet. Outbound conversations and callbacks never have this outcome.</summary>
    [JsonStringEnumMemberName("open")]
    Open,
}

/// <summary>Determines the outcome.</summary>
internal static class ConversationOutcomes
{
    /// <summary>The first outcome in the order of <see cref="ConversationOutcome"/> that applies; null if none does.</summary>
    /// <param name="hasMetric">Given the name of a Genesys metric, such as <c>tAnswered</c>: whether the conversation has an event of the metric in the queue.</param>
    /// <param name="canBeOpen">Whether the conversation is in progress, and is neither outbound nor a callback.</param>
    public static ConversationOutcome? Of(Predicate<string> hasMetric, bool canBeOpen) =>
        hasMetric("tAnswered") ? ConversationOutcome.Answered
        : hasMetric("tAbandon") ? ConversationOutcome.Abandoned
        : hasMetric("tFlowOut") ? ConversationOutcome.FlowOut
        : canBeOpen ? ConversationOutcome.Open
        : null;
}
