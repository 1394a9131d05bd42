using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;

namespace GenesysAnalyticsApi.Conversations.Timeline;

/// <summary>One conversation with all parts that the caller can see, in chronological order.</summary>
/// <param name="ConversationId" example="8e0d4c3b-6f1a-4d2e-9b7c-5a4f3e2d1c0b">Genesys' conversationId.</param>
/// <param name="ConversationStart" example="2026-11-23T09:15:02.386Z">Genesys' conversationStart.</param>
/// <param name="ConversationEnd" example="2026-11-23T09:31:44.120Z">Genesys' conversationEnd; null while the conversation is in progress. For a caller that is limited to some queues, the end of the part of the conversation in these queues.</param>
/// <param name="Meta">Age and completeness of the data.</param>
/// <param name="Direction" example="inbound">Genesys' originatingDirection.</param>
/// <param name="DivisionIds" example="[&quot;2f1c6e5a-6a5b-4c0e-9d53-0b7d5f0f5c11&quot;]">The divisions that the conversation touched; null for a caller that is limited to some queues.</param>
/// <param name="Participants">The parties, in the order in which they joined.</param>
internal sealed record TimelineResponse(
    string ConversationId, Instant ConversationStart, Instant? ConversationEnd, ConversationsMeta Meta, string? Direction, IReadOnlyList<string>? DivisionIds, IReadOnlyList<TimelineParticipant> Participants);

/// <summary>A party of a conversation.</summary>
/// <param name="ParticipantId" example="5a6f0d0e-2f2b-4b8e-8f8a-1c2d3e4f5a6b">Genesys' participantId.</param>
/// <param name="Purpose" example="agent">Genesys' purpose, such as customer, ivr, acd or agent.</param>
/// <param name="UserId" example="8c1f6b54-7d0e-4f43-9a2b-5e6d7c8b9a01">The id of the user, if the party is an agent; null for other parties, and without the agents scope.</param>
/// <param name="Sessions">The party's part of the conversation on each medium.</param>
/// <param name="PersonalData">The name and the attributes, by Genesys' field names; absent unless Conversations:PersonalData is set. For an agent, the agents scope is needed too.</param>
internal sealed record TimelineParticipant(
    string? ParticipantId,
    string? Purpose,
    string? UserId,
    IReadOnlyList<TimelineSession> Sessions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? PersonalData);

/// <summary>A party's part of the conversation on one medium.</summary>
/// <param name="SessionId" example="1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed">Genesys' sessionId.</param>
/// <param name="MediaType" example="voice">Genesys' mediaType.</param>
/// <param name="MessageType" example="whatsapp">Genesys' messageType; null for media other than messages.</param>
/// <param name="Direction" example="inbound">The direction of the session (Genesys' direction).</param>
/// <param name="Segments">The phases of the session.</param>
/// <param name="Metrics">The metric events of the session, from which the figures of GET /aggregates are computed.</param>
/// <param name="PersonalData">Addresses, numbers and names such as callbackUserName, by Genesys' field names; absent unless Conversations:PersonalData is set.</param>
internal sealed record TimelineSession(
    string? SessionId,
    string? MediaType,
    string? MessageType,
    string? Direction,
    IReadOnlyList<TimelineSegment> Segments,
    IReadOnlyList<TimelineMetric> Metrics,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? PersonalData);

/// <summary>A phase of a session. Its length is not a figure, because a wrapup segment can be longer than tAcw.</summary>
/// <param name="Type" example="interact">Genesys' segmentType.</param>
/// <param name="Start" example="2026-11-23T09:15:13.567Z">Genesys' segmentStart.</param>
/// <param name="End" example="2026-11-23T09:21:28.128Z">Genesys' segmentEnd; null while the segment is in progress.</param>
/// <param name="QueueId" example="05f1c285-6777-4ccc-806f-8db085ae0793">The id of the queue; null if Genesys names no queue for the segment.</param>
/// <param name="QueueName" example="Billing DE">The name of the queue; null if there is no queue or the directory does not contain it.</param>
/// <param name="DisconnectType" example="peer">Why the segment ended (Genesys' disconnectType).</param>
/// <param name="WrapUpCode" example="ININ-WRAP-UP-TIMEOUT">The id of the wrap-up code, or one of Genesys' own codes.</param>
/// <param name="PersonalData">The subject and the note, by Genesys' field names; absent unless Conversations:PersonalData is set.</param>
internal sealed record TimelineSegment(
    string? Type,
    Instant Start,
    Instant? End,
    string? QueueId,
    string? QueueName,
    string? DisconnectType,
    string? WrapUpCode,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? PersonalData);

/// <summary>A metric event.</summary>
/// <param name="Name" example="tHandle">The Genesys metric.</param>
/// <param name="Value" example="975737">Milliseconds for a metric with a name in t, such as tHandle; a number for a metric with a name in n, such as nOffered.</param>
/// <param name="EmittedAt" example="2026-11-23T09:31:44.120Z">Genesys' emitDate. GET /aggregates counts the event in the bucket that contains this time.</param>
/// <param name="QueueId" example="05f1c285-6777-4ccc-806f-8db085ae0793">The id of the queue to which GET /aggregates assigns the event: usually the queue of the segment that contains emitDate. Null for an event outside of any queue.</param>
internal sealed record TimelineMetric(string Name, long Value, Instant EmittedAt, string? QueueId);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, Converters = [typeof(MillisecondInstantConverter)])]
[JsonSerializable(typeof(TimelineResponse))]
internal sealed partial class TimelineJson : JsonSerializerContext;
