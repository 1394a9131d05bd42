using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.Details;

/// <summary>Bodies and paths of the requests for conversation details. The readers in this folder parse the replies.</summary>
internal static class DetailsWire
{
    public const string DetailsPath = "/api/v2/analytics/conversations/details";
    public const string QueryPath = $"{DetailsPath}/query";
    public const string JobsPath = $"{DetailsPath}/jobs";
    public const string AvailabilityPath = $"{JobsPath}/availability";

    /// <summary>
    /// The page size of an asynchronous query, unless <c>Genesys:AsyncQueryPageSize</c> is set. Genesys publishes neither the default page size nor the limit.
    /// This size works.
    /// </summary>
    public const int JobPageSize = 1_000;

    public static string ConversationPath(string conversationId) => $"/api/v2/analytics/conversations/{Uri.EscapeDataString(conversationId)}/details";

    public static string DetailsByIdPath(ImmutableArray<string> conversationIds) => $"{DetailsPath}?id={Uri.EscapeDataString(string.Join(',', conversationIds))}";

    public static string JobPath(string jobId) => $"{JobsPath}/{Uri.EscapeDataString(jobId)}";

    public static string JobResultsPath(string jobId, string? cursor, int pageSize) => string.Create(
        CultureInfo.InvariantCulture, $"{JobPath(jobId)}/results?{(cursor is null ? "" : $"cursor={Uri.EscapeDataString(cursor)}&")}pageSize={pageSize}");

    public static byte[] BodyOf(DetailsQueryBody query) => JsonSerializer.SerializeToUtf8Bytes(query, DetailsJson.Default.DetailsQueryBody);

    public static byte[] BodyOf(DetailsJobBody job) => JsonSerializer.SerializeToUtf8Bytes(job, DetailsJson.Default.DetailsJobBody);

    public static DetailsQueryBody CreateQuery(DetailsRequest request) => new(
        GenesysWire.IntervalOf(request.From, request.To),
        request.IsDescending ? "desc" : "asc",
        "conversationStart",
        ConversationFiltersOf(request.Filter),
        SegmentFiltersOf(request.Filter),
        new DetailsPaging(request.PageSize, request.PageNumber));

    /// <summary>
    /// The body of an asynchronous query. The body contains no paging, because asynchronous queries use cursors. The query selects all conversations with
    /// activity in the interval, including those that began before the UTC day of its start. The synchronous query omits those.
    /// </summary>
    public static DetailsJobBody CreateJob(DetailsRequest request) => new(
        GenesysWire.IntervalOf(request.From, request.To),
        request.IsDescending ? "desc" : "asc",
        "conversationStart",
        ConversationFiltersOf(request.Filter),
        SegmentFiltersOf(request.Filter));

    private static ImmutableArray<DetailsFilterBody>? ConversationFiltersOf(DetailsFilter filter) =>
        filter.Direction is { } direction ? [AnyOf("originatingDirection", [direction])] : null;

    // A single segment must match everything in a filter, but different segments can match different filters. The queue and the media type share one filter.
    // The agent, the wrap-up code and the disconnect type each have their own filter, because they usually belong to other segments of the conversation.
    private static ImmutableArray<DetailsFilterBody>? SegmentFiltersOf(DetailsFilter filter)
    {
        ImmutableArray<QueryClause> queueAndMedia =
        [
            .. ClauseOf("queueId", filter.QueueIds),
            .. ClauseOf("mediaType", filter.MediaTypes),
        ];
        ImmutableArray<DetailsFilterBody> filters =
        [
            .. queueAndMedia.IsEmpty ? [] : new[] { new DetailsFilterBody("and", queueAndMedia, null) },
            .. FilterOf("userId", filter.UserIds),
            .. FilterOf("wrapUpCode", filter.WrapUpCodes),
            .. FilterOf("disconnectType", filter.DisconnectTypes),
        ];
        return filters.IsEmpty ? null : filters;
    }

    private static IEnumerable<QueryClause> ClauseOf(string dimension, ImmutableArray<string> values) =>
        values.IsDefaultOrEmpty ? [] : [new QueryClause("or", PredicatesOf(dimension, values))];

    private static IEnumerable<DetailsFilterBody> FilterOf(string dimension, ImmutableArray<string> values) => values.IsDefaultOrEmpty ? [] : [AnyOf(dimension, values)];

    private static DetailsFilterBody AnyOf(string dimension, ImmutableArray<string> values) => new("or", null, PredicatesOf(dimension, values));

    private static ImmutableArray<QueryPredicate> PredicatesOf(string dimension, ImmutableArray<string> values) =>
        [.. values.Select(value => new QueryPredicate("dimension", dimension, "matches", value))];
}

/// <summary>
/// The body of a query for conversation details. Members without a value are omitted, because some gateways between this service and Genesys reject an empty
/// filter.
/// </summary>
internal sealed record DetailsQueryBody(
    string Interval,
    string Order,
    string OrderBy,
    ImmutableArray<DetailsFilterBody>? ConversationFilters,
    ImmutableArray<DetailsFilterBody>? SegmentFilters,
    DetailsPaging Paging);

/// <summary>The body of an asynchronous query for conversation details.</summary>
internal sealed record DetailsJobBody(
    string Interval, string Order, string OrderBy, ImmutableArray<DetailsFilterBody>? ConversationFilters, ImmutableArray<DetailsFilterBody>? SegmentFilters);

/// <summary>A filter on conversations or segments. It contains either clauses or predicates.</summary>
internal sealed record DetailsFilterBody(string Type, ImmutableArray<QueryClause>? Clauses, ImmutableArray<QueryPredicate>? Predicates);

internal sealed record DetailsPaging(int PageSize, int PageNumber);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DetailsQueryBody))]
[JsonSerializable(typeof(DetailsJobBody))]
internal sealed partial class DetailsJson : JsonSerializerContext;
