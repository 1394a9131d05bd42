using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Conversations.Records;

/// <summary>The outcome of a conversation in a queue.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConversationOutcome>))]
internal enum ConversationOutcome
{
    /// <summary>An agent answered: there is a <c>tAnswered</c>.</summary>
    [JsonStringEnumMemberName("answered")]
    Answered,

    /// <summary>The customer left the queue before an agent answered: there is a <c>tAbandon</c>.</summary>
    [JsonStringEnumMemberName("abandoned")]
    Abandoned,

    /// <summary>The conversation left the queue in another way, such as to voicemail: there is a <c>tFlowOut</c>.</summary>
    [JsonStringEnumMemberName("flowOut")]
    FlowOut,

    /// <summary>There is no other outcome yet, and the conversation is in progress. Outbound conversations and callbacks are never open.</summary>
    [JsonStringEnumMemberName("open")]
    Open,
}

/// <summary>One conversation in one queue on one media type. Durations are in milliseconds; null if the conversation has no such metric.</summary>
internal sealed record ConversationRecord
{
    /// <summary>Genesys' <c>conversationId</c>. A conversation that was in several queues has a record for each.</summary>
    /// <example>8e0d4c3b-6f1a-4d2e-9b7c-5a4f3e2d1c0b</example>
    public required string ConversationId { get; init; }

    /// <summary>Genesys' <c>conversationStart</c>.</summary>
    /// <example>2026-11-23T09:15:02.386Z</example>
    public required Instant ConversationStart { get; init; }

    /// <summary>Genesys' <c>conversationEnd</c>; null while the conversation is in progress. For a caller that is limited to some queues, the end of the part in these queues.</summary>
    /// <example>2026-11-23T09:31:44.120Z</example>
    public required Instant? ConversationEnd { get; init; }

    /// <summary>The queue of the segments; null for a conversation outside of any queue, such as a direct call.</summary>
    /// <example>05f1c285-6777-4ccc-806f-8db085ae0793</example>
    public required string? QueueId { get; init; }

    /// <summary>Null if the queue is not in the directory.</summary>
    /// <example>Billing DE</example>
    public string? QueueName { get; init; }

    /// <summary>Genesys' <c>mediaType</c> of the session.</summary>
    /// <example>voice</example>
    public required string MediaType { get; init; }

    /// <summary>Genesys' <c>originatingDirection</c>.</summary>
    /// <example>inbound</example>
    public required string? Direction { get; init; }

    /// <summary>The outcome in the queue; null for conversations that no queue routed, such as outbound calls, and for callbacks, which have none of these metrics.</summary>
    /// <example>answered</example>
    public required ConversationOutcome? Outcome { get; init; }

    /// <summary>Ids of the agents who handled the conversation (<c>tHandle</c>) or are handling it (a segment <c>interact</c> without end), in the order in which they joined. Null without the scope agents.</summary>
    /// <example>["8c1f6b54-7d0e-4f43-9a2b-5e6d7c8b9a01"]</example>
    public required IReadOnlyList<string>? Agents { get; init; }

    /// <summary>Sum of <c>tAcd</c>.</summary>
    /// <example>11179</example>
    public required long? WaitTimeMs { get; init; }

    /// <summary>Sum of <c>tTalkComplete</c>.</summary>
    /// <example>374561</example>
    public required long? TalkTimeMs { get; init; }

    /// <summary>Sum of <c>tHeldComplete</c>.</summary>
    /// <example>544176</example>
    public required long? HoldTimeMs { get; init; }

    /// <summary>Sum of <c>tAcw</c>.</summary>
    /// <example>57000</example>
    public required long? WrapTimeMs { get; init; }

    /// <summary>Sum of <c>tHandle</c>.</summary>
    /// <example>975737</example>
    public required long? HandleTimeMs { get; init; }

    /// <summary>True if an agent transferred the conversation: there is an <c>nTransferred</c>.</summary>
    /// <example>false</example>
    public required bool Transferred { get; init; }

    /// <summary>The distinct <c>wrapUpCode</c>s of the segments, in chronological order.</summary>
    /// <example>["ININ-WRAP-UP-TIMEOUT"]</example>
    public required IReadOnlyList<string> WrapUpCodes { get; init; }

    /// <summary>The <c>disconnectType</c> of the last segment to end among the segments of agents and acd, except wrap-up segments.</summary>
    /// <example>peer</example>
    public required string? DisconnectType { get; init; }

    /// <summary>True if the record can still change, because the conversation is in progress or ended less than <c>Genesys:SettleHours</c> ago.</summary>
    /// <example>true</example>
    public required bool Provisional { get; init; }
}

/// <summary>Writes instants as Genesys does, in UTC with milliseconds.</summary>
internal sealed class MillisecondInstantConverter : JsonConverter<Instant>
{
    private static readonly InstantPattern Pattern = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fff'Z'");

    public static string Print(Instant instant) => Pattern.Format(instant);

    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Pattern.Parse(reader.GetString() ?? "").Value;

    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteStringValue(Print(value));
}
