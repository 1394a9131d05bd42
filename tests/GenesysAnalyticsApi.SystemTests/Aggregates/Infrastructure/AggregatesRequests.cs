using System.Net;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;

/// <summary>Queries a running service and reads its responses as plain JSON, without the service's own types.</summary>
internal static class AggregatesRequests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Expects a 200.</summary>
    public static async Task<JsonObject> QueryAsync(this RunningService service, string query)
    {
        using var client = service.CreateClient();
        using var response = await client.GetAsync(new Uri($"/aggregates?{query}", UriKind.Relative), Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, $"{query}\n{text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>Expects a problem of the given type and status.</summary>
    public static async Task<JsonObject> QueryProblemAsync(this RunningService service, string query, int status, string type)
    {
        using var client = service.CreateClient();
        using var response = await client.GetAsync(new Uri($"/aggregates?{query}", UriKind.Relative), Cancellation);
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!.AsObject();
        ((int)response.StatusCode).ShouldBe(status, problem.ToJsonString());
        problem.Text("type").ShouldBe($"/problems/{type}");
        return problem;
    }

    public static IReadOnlyList<JsonObject> Records(this JsonObject response) => [.. response["records"]!.AsArray().Select(record => record!.AsObject())];

    public static IReadOnlyList<string> Warnings(this JsonObject response) =>
        [.. response["meta"]!["warnings"]!.AsArray().Select(warning => warning!.AsObject().Text("code")!)];

    public static JsonObject Meta(this JsonObject response) => response["meta"]!.AsObject();

    public static string? Text(this JsonObject record, string field) => record[field]?.GetValue<string>();

    public static double? Number(this JsonObject record, string field) => record[field]?.GetValue<double>();
}
