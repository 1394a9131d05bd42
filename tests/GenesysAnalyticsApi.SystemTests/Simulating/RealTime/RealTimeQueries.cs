using System.Text.Json.Nodes;

namespace GenesysAnalyticsApi.SystemTests.Simulating.RealTime;

/// <summary>The real-time queries and their replies.</summary>
internal static class RealTimeQueries
{
    public const string ConversationsPath = "/api/v2/analytics/conversations/activity/query";
    public const string RoutingPath = "/api/v2/analytics/routing/activity/query";
    public const string ObservationsPath = "/api/v2/analytics/queues/observations/query";

    public static readonly string[] ConversationMetrics = ["oWaiting", "oAlerting", "oInteracting", "oLongestWaiting", "oLongestInteracting"];
    public static readonly string[] UserMetrics =
        ["oMemberUsers", "oActiveUsers", "oOnQueueUsers", "oOffQueueUsers", "oUserPresences", "oUserRoutingStatuses"];

    public static JsonObject Activity(string[] metrics, bool details = false, params string[] groupBy) => new()
    {
        ["metrics"] = new JsonArray([.. metrics.Select(metric => new JsonObject { ["metric"] = metric, ["details"] = details })]),
        ["groupBy"] = new JsonArray([.. groupBy.Select(dimension => JsonValue.Create(dimension))]),
    };

    public static JsonObject Observation(IEnumerable<Guid> queues, params IEnumerable<string> metrics) => new()
    {
        ["metrics"] = new JsonArray([.. metrics.Select(metric => JsonValue.Create(metric))]),
        ["filter"] = OfQueues(queues),
    };

    public static JsonObject OfQueues(IEnumerable<Guid> queues) => new()
    {
        ["type"] = "or",
        ["predicates"] = new JsonArray([.. queues.Select(queue => new JsonObject { ["dimension"] = "queueId", ["value"] = queue.ToString() })]),
    };

    /// <summary>All pages of an activity query.</summary>
    public static async Task<List<JsonNode>> AllAsync(this SimulatedOrganization organization, string path, JsonNode query, int pageSize = 500)
    {
        var (all, page) = (new List<JsonNode>(), 0);
        int found;
        do
        {
            var reply = await organization.JsonAsync($"{path}?pageSize={pageSize}&pageNumber={++page}", query);
            found = reply["results"]!.AsArray().Count;
            all.AddRange(reply["results"]!.AsArray().OfType<JsonNode>());
        }
        while (found == pageSize);
        return all;
    }

    /// <summary>The figures of conversations by queue, media type and metric, without those that are zero.</summary>
    public static SortedDictionary<string, long> Figures(IEnumerable<JsonNode> results)
    {
        var figures = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var group in results)
        {
            foreach (var data in group["data"]!.AsArray())
            {
                var stats = data!["stats"] ?? data;
                var (metric, count) = (data["metric"]!.GetValue<string>(), stats["count"]!.GetValue<long>());
                if (count > 0)
                {
                    figures.Add(Key(group.Dimension("queueId"), group.Dimension("mediaType"), metric), stats["calculatedMetricValue"]?.GetValue<long>() ?? count);
                }
            }
        }

        return figures;
    }

    public static string Key(string? queueId, string? mediaType, string metric) => $"{queueId}|{mediaType}|{metric}";
}
