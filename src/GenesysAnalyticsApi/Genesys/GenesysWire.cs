using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Genesys.Parsing;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>Requests and answers as the wire has them. Aggregates answers have no types here: <see cref="AggregatesReplyReader"/> reads them.</summary>
internal static class GenesysWire
{
    public const string AggregatesPath = "/api/v2/analytics/conversations/aggregates/query";
    public const string AggregatesPermission = "analytics:conversationAggregate:view";
    public const string QueuesPermission = "routing:queue:view";

    public const int QueuesPerPage = 500;

    /// <summary>What metrics and traces call the endpoint that the permission is for.</summary>
    public static string EndpointOf(string? permission) => permission switch
    {
        AggregatesPermission => "aggregates",
        QueuesPermission => "queues",
        _ => "other",
    };

    // The form that the error text of Genesys asks for.
    private static readonly InstantPattern Written = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fff'Z'");

    public static string QueuesPath(int pageNumber) => $"/api/v2/routing/queues?pageSize={QueuesPerPage}&pageNumber={pageNumber}";

    /// <summary>The exact body of the request that asks the question.</summary>
    public static byte[] BodyOf(AggregatesRequest question) =>
        JsonSerializer.SerializeToUtf8Bytes(QueryOf(question), GenesysJson.Default.AggregatesQueryBody);

    public static AggregatesQueryBody QueryOf(AggregatesRequest question) => new(
        $"{Written.Format(question.Edges[0])}/{Written.Format(question.Edges[^1])}",
        question.Granularity,
        question.TimeZone,
        ["queueId", "mediaType"],
        question.Metrics,
        FilterOf(question));

    // The shape that Genesys' own pages send: an outer "and" of inner "or"s. No filter at all for everything, because some gateways
    // refuse an empty one.
    private static QueryFilter? FilterOf(AggregatesRequest question)
    {
        ImmutableArray<QueryClause> clauses =
        [
            .. question.Direction is { } direction ? [AnyOf("originatingDirection", [direction])] : Array.Empty<QueryClause>(),
            .. question.QueueIds.IsDefaultOrEmpty ? [] : new[] { AnyOf("queueId", question.QueueIds) },
        ];
        return clauses.IsEmpty ? null : new QueryFilter("and", clauses);
    }

    private static QueryClause AnyOf(string dimension, ImmutableArray<string> values) =>
        new("or", [.. values.Select(value => new QueryPredicate("dimension", dimension, "matches", value))]);
}

internal sealed record AggregatesQueryBody(
    string Interval,
    string? Granularity,
    string? TimeZone,
    ImmutableArray<string> GroupBy,
    ImmutableArray<string> Metrics,
    QueryFilter? Filter);

internal sealed record QueryFilter(string Type, ImmutableArray<QueryClause> Clauses);

internal sealed record QueryClause(string Type, ImmutableArray<QueryPredicate> Predicates);

internal sealed record QueryPredicate(string Type, string Dimension, string Operator, string Value);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AggregatesQueryBody))]
internal sealed partial class GenesysJson : JsonSerializerContext;
