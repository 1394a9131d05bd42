using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Conversations.Records;

/// <summary>One conversation in one queue on one media type. Durations are in milliseconds. A duration is null if the conversation has no such metric in this queue and on this media type.</summary>
internal sealed record ConversationRecord
{
    /// <summary>Genesys' <c>conversationId</c>. A conversation that was in several queues has one record per queue.</summary>
    /// <example>8e0d4c3b-6f1a-4d2e-9b7c-5a4f3e2d1c0b</example>
    public required string ConversationId { get; init; }

    /// <summary>Genesys' <c>conversationStart</c>.</summary>
    /// <example>2026-11-23T09:15:02.386Z</example>
    public required Instant ConversationStart { get; init; }

    /// <summary>Genesys' <c>conversationEnd</c>; null while the conversation is in progress. For a caller that is limited to some queues, the end of the part of the conversation in these queues.</summary>
    /// <example>2026-11-23T09:31:44.120Z</example>
    public required Instant? ConversationEnd { get; init; }

    /// <summary>The id of the queue; null for what happened outside of any queue, such as a direct call.</summary>
    /// <example>05f1c285-6777-4ccc-806f-8db085ae0793</example>
    public required string? QueueId { get; init; }

    /// <summary>The name of the queue; null if there is no queue or the directory does not contain it.</summary>
    /// <example>Billing DE</example>
    public string? QueueName { get; init; }

    /// <summary>Genesys' <c>mediaType</c> of the session.</summary>
    /// <example>voice</example>
    public required string MediaType { get; init; }

    /// <summary>Genesys' <c>originatingDirection</c>.</summary>
    /// <example>inbound</example>
    public required string? Direction { get; init; }

    /// <summary>The outcome in the queue. Null for a conversation without a metric that determines its outcome, unless the conversation is open: most outbound conversations and callbacks, and ended conversations that no queue routed.</summary>
    /// <example>answered</example>
    public required ConversationOutcome? Outcome { get; init; }

    /// <summary>Ids of the agents who handled the conversation (<c>tHandle</c>) or are handling it (an <c>interact</c> segment without an end), in the order in which they joined. Null without the agents scope.</summary>
    /// <example>["8c1f6b54-7d0e-4f43-9a2b-5e6d7c8b9a01"]</example>
    public required IReadOnlyList<string>? Agents { get; init; }

    /// <summary>The sum of <c>tAcd</c>.</summary>
    /// <example>11179</example>
    public required long? WaitTimeMs { get; init; }

    /// <summary>The sum of <c>tTalkComplete</c>.</summary>
    /// <example>374561</example>
    public required long? TalkTimeMs { get; init; }

    /// <summary>The sum of <c>tHeldComplete</c>.</summary>
    /// <example>544176</example>
    public required long? HoldTimeMs { get; init; }

    /// <summary>The sum of <c>tAcw</c>.</summary>
    /// <example>57000</example>
    public required long? WrapTimeMs { get; init; }

    /// <summary>The sum of <c>tHandle</c>.</summary>
    /// <example>975737</example>
    public required long? HandleTimeMs { get; init; }

    /// <summary>True if an agent transferred the conversation: it has an <c>nTransferred</c>.</summary>
    /// <example>false</example>
    public required bool Transferred { get; init; }

    /// <summary>The distinct wrap-up codes (<c>wrapUpCode</c>) of the segments, in chronological order.</summary>
    /// <example>["ININ-WRAP-UP-TIMEOUT"]</example>
    public required IReadOnlyList<string> WrapUpCodes { get; init; }

    /// <summary>The <c>disconnectType</c> of the segment that ended last, among the segments of agents and acd that have one. Wrap-up segments are not considered.</summary>
    /// <example>peer</example>
    public required string? DisconnectType { get; init; }

    /// <summary>True if the record can still change, because the conversation is in progress or ended less than <c>Genesys:SettleHours</c> ago.</summary>
    /// <example>true</example>
    public required bool Provisional { get; init; }
}

/// <summary>Reads and writes instants in the format that Genesys uses: in UTC, with milliseconds.</summary>
internal sealed class MillisecondInstantConverter : JsonConverter<Instant>
{
    private static readonly InstantPattern Pattern = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fff'Z'");

    public static string Print(Instant instant) => Pattern.Format(instant);

    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Pattern.Parse(reader.GetString() ?? "").Value;

    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteStringValue(Print(value));
}
