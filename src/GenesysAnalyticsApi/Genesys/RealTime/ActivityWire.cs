using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.RealTime;

/// <summary>Bodies and paths of the requests for the current state of queues. <see cref="ActivityReplyReader"/> reads the replies.</summary>
internal static class ActivityWire
{
    public const string ConversationsPath = "/api/v2/analytics/conversations/activity/query";
    public const string UsersPath = "/api/v2/analytics/routing/activity/query";
    public const string ObservationsPath = "/api/v2/analytics/queues/observations/query";

    /// <summary>
    /// The number of groups per page, unless Genesys reports a lower limit or rejects this page size. Genesys publishes no limit. This size works.
    /// </summary>
    public const int PageSize = 500;

    public static string PageOf(string path, ActivityPaging page) => string.Create(CultureInfo.InvariantCulture, $"{path}?pageSize={page.PageSize}&pageNumber={page.PageNumber}");

    public static ActivityQueryBody ConversationsQuery(ImmutableArray<string> queueIds) =>
        new(MetricsOf(ActivityMetrics.OfConversations), ["queueId", "mediaType"], FilterOf(queueIds));

    public static ActivityQueryBody UsersQuery(ImmutableArray<string> queueIds) => new(MetricsOf(ActivityMetrics.OfUsers), ["queueId"], FilterOf(queueIds));

    public static ObservationsQueryBody ObservationsQuery(ImmutableArray<string> queueIds) =>
        new([.. ActivityMetrics.OfConversations, .. ActivityMetrics.OfUsers], FilterOf(queueIds)!);

    public static byte[] BodyOf(ActivityQueryBody query) => JsonSerializer.SerializeToUtf8Bytes(query, ActivityJson.Default.ActivityQueryBody);

    public static byte[] BodyOf(ObservationsQueryBody query) => JsonSerializer.SerializeToUtf8Bytes(query, ActivityJson.Default.ObservationsQueryBody);

    private static ImmutableArray<ActivityQueryMetric> MetricsOf(ImmutableArray<string> metrics) => [.. metrics.Select(metric => new ActivityQueryMetric(metric))];

    private static ActivityFilterBody? FilterOf(ImmutableArray<string> queueIds) => queueIds.IsDefaultOrEmpty
        ? null
        : new ActivityFilterBody("or", [.. queueIds.Select(id => new QueryPredicate("dimension", "queueId", "matches", id))]);
}

/// <summary>The body of an activity query. Without a filter, the query selects all queues.</summary>
internal sealed record ActivityQueryBody(ImmutableArray<ActivityQueryMetric> Metrics, ImmutableArray<string> GroupBy, ActivityFilterBody? Filter);

internal sealed record ActivityQueryMetric(string Metric);

/// <summary>The body of an observations query. The query has no pages, and Genesys always groups the reply by queue and media type.</summary>
internal sealed record ObservationsQueryBody(ImmutableArray<string> Metrics, ActivityFilterBody Filter);

internal sealed record ActivityFilterBody(string Type, ImmutableArray<QueryPredicate> Predicates);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ActivityQueryBody))]
[JsonSerializable(typeof(ObservationsQueryBody))]
internal sealed partial class ActivityJson : JsonSerializerContext;
