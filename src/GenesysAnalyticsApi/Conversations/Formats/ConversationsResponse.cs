using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;

namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>A page of conversations.</summary>
/// <param name="Query">The resolved query.</param>
/// <param name="Meta">Age and completeness of the data.</param>
/// <param name="Records">One record per conversation × queue × media type, by the start of the conversation.</param>
/// <param name="NextCursor" example="ZTNiMGM0NDI5OGZjMWMxNCAxNzk1NDc4NDAwMDAwIDE3OTU1NjQ4MDAwMDAgMTc5NTQ4MDEyMzQ1NiAxIDhlMGQ0YzNi">Pass it as <c>cursor</c> to get the next page. Absent on the last page.</param>
internal sealed record ConversationsResponse(
    ResolvedConversationsQuery Query,
    ConversationsMeta Meta,
    IReadOnlyList<ConversationRecord> Records,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

/// <summary>The resolved query: names resolved to ids, the interval in UTC and clipped to now.</summary>
/// <param name="Interval" example="2026-11-23T00:00:00Z/2026-11-24T00:00:00Z">Half-open, in UTC.</param>
/// <param name="Match" example="started">How conversations are selected by the interval.</param>
/// <param name="Order" example="asc">The order of the records by the start of their conversation.</param>
/// <param name="QueueIds" example="[]">Ids of the selected queues; empty for all that the caller can see.</param>
/// <param name="MediaTypes" example="[]">Empty for all.</param>
/// <param name="Direction" example="inbound">Present only if it was given.</param>
/// <param name="UserIds" example="[&quot;8c1f6b54-7d0e-4f43-9a2b-5e6d7c8b9a01&quot;]">Present only if there are any.</param>
/// <param name="WrapUpCodes" example="[&quot;ININ-WRAP-UP-TIMEOUT&quot;]">Present only if there are any.</param>
/// <param name="DisconnectTypes" example="[&quot;transfer&quot;]">Present only if there are any.</param>
/// <param name="Outcomes" example="[&quot;abandoned&quot;]">Present only if there are any.</param>
/// <param name="MinHandleTimeMs" example="600000">Present only if it was given.</param>
/// <param name="MinWaitTimeMs" example="60000">Present only if it was given.</param>
internal sealed record ResolvedConversationsQuery(
    string Interval,
    string Match,
    string Order,
    IReadOnlyList<string> QueueIds,
    IReadOnlyList<string> MediaTypes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Direction,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? UserIds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? WrapUpCodes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? DisconnectTypes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ConversationOutcome>? Outcomes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? MinHandleTimeMs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? MinWaitTimeMs);

/// <summary>The last line of a response in NDJSON.</summary>
internal sealed record ConversationsMetaLine(ConversationsMeta Meta);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, Converters = [typeof(MillisecondInstantConverter)])]
[JsonSerializable(typeof(ConversationsResponse))]
[JsonSerializable(typeof(ConversationsMetaLine))]
internal sealed partial class ConversationsJson : JsonSerializerContext;
