using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Parsing;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Genesys.Requests;

/// <summary>
/// Request bodies and paths for figures and lists. There are no types for aggregates replies, because <see cref="AggregatesReplyReader"/> reads their tokens directly into columns.
/// </summary>
internal static class GenesysWire
{
    public const string AggregatesPath = "/api/v2/analytics/conversations/aggregates/query";
    public const string AsyncAggregatesPath = "/api/v2/analytics/conversations/aggregates/jobs";

    public const int QueuesPerPage = 500;
    public const int UsersPerPage = 500;
    public const int WrapUpCodesPerPage = 100;

    /// <summary>Includes inactive users, and deleted users for as long as Genesys lists them.</summary>
    public const string UserState = "any";

    // The date format that Genesys asks for in the error message about invalid dates.
    private static readonly InstantPattern WireFormat = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fff'Z'");

    /// <summary>An interval as Genesys writes it.</summary>
    public static string IntervalOf(Instant from, Instant to) => $"{WireFormat.Format(from)}/{WireFormat.Format(to)}";

    public static string QueuesPath(int pageNumber) => $"/api/v2/routing/queues?pageSize={QueuesPerPage}&pageNumber={pageNumber}";

    public static string UsersPath(int pageNumber) => $"/api/v2/users?state={UserState}&pageSize={UsersPerPage}&pageNumber={pageNumber}";

    public static string WrapUpCodesPath(int pageNumber) => $"/api/v2/routing/wrapupcodes?pageSize={WrapUpCodesPerPage}&pageNumber={pageNumber}";

    public static string AsyncQueryPath(string id) => $"{AsyncAggregatesPath}/{Uri.EscapeDataString(id)}";

    public static string AsyncResultsPath(string id, string? cursor) =>
        $"{AsyncQueryPath(id)}/results{(cursor is null ? "" : $"?cursor={Uri.EscapeDataString(cursor)}")}";

    public static byte[] BodyOf(AggregatesRequest request) => BodyOf(CreateQuery(request));

    public static byte[] BodyOf(AggregatesQueryBody query) => JsonSerializer.SerializeToUtf8Bytes(query, AggregatesQueryJson.Default.AggregatesQueryBody);

    public static AggregatesQueryBody CreateQuery(AggregatesRequest request) => new(
        IntervalOf(request.Edges[0], request.Edges[^1]),
        request.Granularity,
        request.TimeZone,
        request.Dimensions == Dimensions.None ? ["queueId", "mediaType"] : ["queueId", "mediaType", .. Dimension.Of(request.Dimensions).Select(dimension => dimension.GenesysName)],
        request.Metrics,
        FilterOf(request),
        request.Views.IsEmpty ? null : [.. request.Views.Select(view => new QueryView(view.Target, "rangeBound", view.Name, new QueryRange(view.Below)))]);

    // The filter has the shape that the Genesys UI sends: an outer "and" of inner "or" clauses. A filter without clauses is omitted, because
    // some gateways between this service and Genesys reject an empty filter.
    private static QueryFilter? FilterOf(AggregatesRequest request)
    {
        ImmutableArray<QueryClause> clauses =
        [
            .. request.Direction is { } direction ? [AnyOf("originatingDirection", [direction])] : Array.Empty<QueryClause>(),
            .. request.QueueIds.IsDefaultOrEmpty ? [] : new[] { AnyOf("queueId", request.QueueIds) },
        ];
        return clauses.IsEmpty ? null : new QueryFilter("and", clauses);
    }

    private static QueryClause AnyOf(string dimension, ImmutableArray<string> values) =>
        new("or", [.. values.Select(value => new QueryPredicate("dimension", dimension, "matches", value))]);
}

/// <param name="PageSize">Results per page of an asynchronous query; null for Genesys' default, and for a synchronous query, which has no pages.</param>
internal sealed record AggregatesQueryBody(
    string Interval,
    string? Granularity,
    string? TimeZone,
    ImmutableArray<string> GroupBy,
    ImmutableArray<string> Metrics,
    QueryFilter? Filter,
    ImmutableArray<QueryView>? Views,
    int? PageSize = null);

internal sealed record QueryFilter(string Type, ImmutableArray<QueryClause> Clauses);

internal sealed record QueryClause(string Type, ImmutableArray<QueryPredicate> Predicates);

internal sealed record QueryPredicate(string Type, string Dimension, string Operator, string Value);

/// <summary>A view of a timer. It contains only the events of the timer with a value in a range.</summary>
internal sealed record QueryView(string Target, string Function, string Name, QueryRange Range);

/// <param name="Lt">The upper bound in milliseconds, exclusive.</param>
internal sealed record QueryRange(long Lt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AggregatesQueryBody))]
internal sealed partial class AggregatesQueryJson : JsonSerializerContext;
