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
/// <param name="Order" example="asc">By the start of the conversation.</param>
/// <param name="QueueIds" example="[]">Ids of the selected queues; empty for all that the caller can see.</param>
/// <param name="MediaTypes" example="[]">Empty for all.</param>
internal sealed record ResolvedConversationsQuery(string Interval, string Match, string Order, IReadOnlyList<string> QueueIds, IReadOnlyList<string> MediaTypes);

/// <summary>The last line of a response in NDJSON.</summary>
internal sealed record ConversationsMetaLine(ConversationsMeta Meta);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, Converters = [typeof(MillisecondInstantConverter)])]
[JsonSerializable(typeof(ConversationsResponse))]
[JsonSerializable(typeof(ConversationsMetaLine))]
internal sealed partial class ConversationsJson : JsonSerializerContext;
