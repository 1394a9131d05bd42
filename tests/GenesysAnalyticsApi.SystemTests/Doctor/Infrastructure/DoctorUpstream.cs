using System.Net;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Doctor.Infrastructure;

/// <summary>A fake Genesys with two queues, whose replies a test can change. Its address is an IP address, so no name has to be resolved.</summary>
internal sealed class DoctorUpstream
{
    public const string AccessToken = "planted-access-token-51c9";

    public static Dictionary<string, string> Settings { get; } = new()
    {
        ["Genesys:Region"] = "",
        ["Genesys:ApiBaseUrl"] = "http://127.0.0.1:1",
        ["Genesys:LoginBaseUrl"] = "http://127.0.0.1:1",
    };

    /// <summary>The queue that has figures in every reply.</summary>
    public string? Busy { get; init; }

    public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

    /// <summary>The status of the lists of users and wrap-up codes; <see cref="Status"/> if not set.</summary>
    public HttpStatusCode? NamesStatus { get; init; }

    /// <summary>The status of the request for conversation details; <see cref="Status"/> if not set.</summary>
    public HttpStatusCode? DetailsStatus { get; init; }

    public HttpStatusCode LoginStatus { get; init; } = HttpStatusCode.OK;

    /// <summary>The body of every unsuccessful reply.</summary>
    public string Refusal { get; init; } = "{}";

    /// <summary>The request count of the current minute that Genesys reports.</summary>
    public int? Counted { get; init; }

    public string Allowed { get; init; } = "300";

    public FakeUpstream Handler => new FakeUpstream()
        .On(HttpMethod.Post, "/oauth/token", _ => Reply(LoginStatus, $$"""{"access_token":"{{AccessToken}}","token_type":"bearer","expires_in":86400}"""))
        .On(HttpMethod.Get, "/api/v2/routing/queues", _ => Reply(
            Status, """{"entities":[{"id":"q1","name":"One","division":{"id":"d1","name":"Home"}},{"id":"q2","name":"Two","division":{"id":"d2","name":"Away"}}],"pageNumber":1,"pageCount":1}"""))
        .On(HttpMethod.Get, "/api/v2/users", _ => Reply(NamesStatus ?? Status, """{"entities":[{"id":"u1","name":"planted-person-4e1d","state":"active"}],"pageNumber":1,"pageCount":1}"""))
        .On(HttpMethod.Get, "/api/v2/routing/wrapupcodes", _ => Reply(NamesStatus ?? Status, """{"entities":[{"id":"c1","name":"Sold"}],"pageNumber":1,"pageCount":1}"""))
        .On(HttpMethod.Post, "/api/v2/analytics/conversations/aggregates/query", request => Reply(Status, FiguresFor(request)))
        .On(HttpMethod.Get, "/api/v2/analytics/conversations/details/jobs/availability", _ => Reply(DetailsStatus ?? Status, """{"dataAvailabilityDate":"2026-01-05T00:00:00.000Z"}"""))
        .On(HttpMethod.Get, "/api/v2/organizations/limits/docs", _ => Reply(
            Status, """{"namespaces":[{"name":"platform.api","limits":[{"key":"client.credentials.token.rate.per.minute","defaultValue":150}]}]}"""))
        .On(HttpMethod.Get, "/api/v2/organizations/limits/namespaces/platform.api", _ => Reply(
            Status, $$"""{"entities":[{"namespace":"platform.api","key":"client.credentials.token.rate.per.minute","value":{{Allowed}}}]}"""));

    private string FiguresFor(HttpRequestMessage request)
    {
        using var body = JsonDocument.Parse(request.Content!.ReadAsStream());
        var bucket = $$$"""{"interval":"{{{body.RootElement.GetProperty("interval")}}}","metrics":[{"metric":"nOffered","stats":{"count":3}}]}""";
        return Busy is null ? "{}" : $$"""{"results":[{"group":{"queueId":"{{Busy}}","mediaType":"voice"},"data":[{{bucket}}]}]}""";
    }

    private HttpResponseMessage Reply(HttpStatusCode status, string body)
    {
        var reply = new HttpResponseMessage(status)
        {
            Content = new StringContent(status == HttpStatusCode.OK ? body : Refusal, Encoding.UTF8, "application/json"),
        };
        if (Counted is { } count)
        {
            reply.Headers.Add("inin-ratelimit-count", $"{count}");
            reply.Headers.Add("inin-ratelimit-allowed", "300");
            reply.Headers.Add("inin-ratelimit-reset", "30");
        }

        return reply;
    }
}
