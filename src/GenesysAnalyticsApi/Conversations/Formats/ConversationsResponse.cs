using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Conversations.Records;

namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>A page of conversations.</summary>
/// <param name="Query">The resolved query.</param>
/// <param name="Meta">Age and completeness of the data.</param>
/// <param name="Records">One record per conversation × queue × media type, sorted by the start of the conversation.</param>
/// <param name="NextCursor" example="ZTNiMGM0NDI5OGZjMWMxNCAxNzk1NDc4NDAwMDAwIDE3OTU1NjQ4MDAwMDAgMTc5NTQ4MDEyMzQ1NiAxIDhlMGQ0YzNi">Pass it as <c>cursor</c> to get the next page. Absent on the last page.</param>
internal sealed record ConversationsResponse(
    ResolvedConversationsQuery Query,
    ConversationsMeta Meta,
    IReadOnlyList<ConversationRecord> Records,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor);

/// <summary>The resolved query: names are resolved to ids, and the interval is in UTC and ends no later than now.</summary>
/// <param name="Interval" example="2026-11-23T00:00:00Z/2026-11-24T00:00:00Z">The interval, half-open, in UTC.</param>
/// <param name="Match" example="started">How the interval selects conversations: started or active.</param>
/// <param name="Order" example="asc">The order of the records by the start of their conversations: asc or desc.</param>
/// <param name="QueueIds" example="[]">Ids of the selected queues; empty for all queues that the caller can see.</param>
/// <param name="MediaTypes" example="[]">The selected media types; empty for all.</param>
/// <param name="Direction" example="inbound">The selected direction; absent for both.</param>
/// <param name="UserIds" example="[&quot;8c1f6b54-7d0e-4f43-9a2b-5e6d7c8b9a01&quot;]">Ids of the selected agents; absent for all.</param>
/// <param name="WrapUpCodes" example="[&quot;ININ-WRAP-UP-TIMEOUT&quot;]">Ids of the selected wrap-up codes; absent for all.</param>
/// <param name="DisconnectTypes" example="[&quot;transfer&quot;]">The selected disconnect types; absent for all.</param>
/// <param name="Outcomes" example="[&quot;abandoned&quot;]">The selected outcomes; absent for all.</param>
/// <param name="MinHandleTimeMs" example="600000">The minimum handle time; absent if it is 0.</param>
/// <param name="MinWaitTimeMs" example="60000">The minimum wait time; absent if it is 0.</param>
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

/// <summary>The last line of an NDJSON response.</summary>
internal sealed record ConversationsMetaLine(ConversationsMeta Meta);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, Converters = [typeof(MillisecondInstantConverter)])]
[JsonSerializable(typeof(ConversationsResponse))]
[JsonSerializable(typeof(ConversationsMetaLine))]
internal sealed partial class ConversationsJson : JsonSerializerContext;
