using System.Net;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Security;

/// <summary>Which origins may send requests from a browser: only those that are listed.</summary>
public sealed class CorsSetupTests
{
    private const string Wallboard = "https://wallboard.example.com";
    private const string Path = "/queues?wrong=1";

    private static readonly IssuedKeys Keys = new IssuedKeys().Add("wallboard");

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, Wallboard, null)]
    [InlineData(Wallboard, Wallboard, Wallboard)]
    [InlineData(Wallboard, "https://wallboard.example.com.evil.example", null)]
    [InlineData(Wallboard, "http://wallboard.example.com", null)]
    [InlineData(Wallboard, "null", null)]
    [InlineData("*", "https://anything.example", "*")]
    public async Task Only_a_listed_origin_is_allowed(string? listed, string origin, string? expected)
    {
        using var service = Service(listed);

        using var response = await SendAsync(service, HttpMethod.Get, origin, Keys["wallboard"]);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        Header(response, "Access-Control-Allow-Origin").ShouldBe(expected);
        Header(response, "Access-Control-Allow-Credentials").ShouldBeNull();
    }

    [Fact]
    public async Task A_page_can_read_the_headers_of_the_service()
    {
        using var service = Service(Wallboard);

        using var response = await SendAsync(service, HttpMethod.Get, Wallboard, Keys["wallboard"]);

        Header(response, "Access-Control-Expose-Headers")!.Split(',').ShouldBe(
            ["ETag", "Retry-After", "RateLimit", "RateLimit-Policy", "WWW-Authenticate", "Server-Timing", "X-Slices", "X-Upstream", "X-Data-As-Of", "X-Data-Complete", "X-Data-Final", "X-Data-Stale", "X-Row-Count", "X-Total-Count", "Content-Disposition", "Location", "Preference-Applied"]);
        response.Headers.Vary.ShouldContain("Origin");
    }

    [Fact]
    public async Task A_preflight_request_needs_no_key_and_lists_the_allowed_methods_and_headers()
    {
        using var service = Service(Wallboard);

        using var response = await SendAsync(service, HttpMethod.Options, Wallboard, key: null, ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "x-api-key"));

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Header(response, "Access-Control-Allow-Origin").ShouldBe(Wallboard);
        Header(response, "Access-Control-Allow-Methods").ShouldBe("GET,HEAD,POST,DELETE");
        Header(response, "Access-Control-Allow-Headers").ShouldBe("X-Api-Key,Authorization,Accept,Content-Type,If-None-Match,Prefer,Last-Event-ID,MCP-Protocol-Version,Mcp-Session-Id,Mcp-Method,Mcp-Name");
        Header(response, "Access-Control-Max-Age").ShouldBe("7200");
    }

    [Fact]
    public async Task A_preflight_request_of_an_unlisted_origin_is_denied()
    {
        using var service = Service(Wallboard);
        using var closed = Service(null);
        (string, string) preflight = ("Access-Control-Request-Method", "GET");

        using var other = await SendAsync(service, HttpMethod.Options, "https://evil.example", key: null, preflight);
        using var none = await SendAsync(closed, HttpMethod.Options, Wallboard, key: null, preflight);

        Header(other, "Access-Control-Allow-Origin").ShouldBeNull();
        Header(none, "Access-Control-Allow-Origin").ShouldBeNull();
        none.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task A_page_can_read_the_reason_for_a_rejection()
    {
        using var service = Service(Wallboard);

        using var response = await SendAsync(service, HttpMethod.Get, Wallboard, "gaa_wrong");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        Header(response, "Access-Control-Allow-Origin").ShouldBe(Wallboard);
    }

    private static RunningService Service(string? origin)
    {
        var settings = new Dictionary<string, string>(Keys.Settings) { ["Auth:AllowAnonymous"] = "false" };
        if (origin is not null)
        {
            settings["Cors:Origins:0"] = origin;
            settings["Cors:Origins:1"] = "https://report.example.com";
        }

        return new RunningService { Settings = settings };
    }

    private static async Task<HttpResponseMessage> SendAsync(RunningService service, HttpMethod method, string origin, string? key, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, Path) { Headers = { { "Origin", origin } } };
        foreach (var (name, value) in key is null ? headers : [.. headers, (ApiKeyAuthenticator.Header, key)])
        {
            request.Headers.Add(name, value);
        }

        return await service.CreateClient().SendAsync(request, TestCancellation);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
