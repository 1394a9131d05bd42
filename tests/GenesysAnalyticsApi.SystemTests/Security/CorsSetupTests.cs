using System.Net;
using System.Net.Http.Headers;
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

    /// <summary>A cache that stored a response to a request without Origin would otherwise send it, without CORS headers, to a page.</summary>
    [Theory]
    [InlineData("/queues", HttpStatusCode.OK)]
    [InlineData("/queues?wrong=1", HttpStatusCode.BadRequest)]
    [InlineData("/catalog", HttpStatusCode.OK)]
    [InlineData("/nowhere", HttpStatusCode.NotFound)]
    [InlineData("/health/live", HttpStatusCode.OK)]
    [InlineData("/problems/internal", HttpStatusCode.OK)]
    [InlineData("/swagger/v1/swagger.json", HttpStatusCode.OK)]
    [InlineData("/", HttpStatusCode.OK)]
    public async Task Every_response_varies_by_Origin_if_origins_are_listed(string path, HttpStatusCode status)
    {
        await using var service = await SimulatedService.StartAsync(settings: new() { ["Cors:Origins:0"] = Wallboard, ["Auth:Swagger"] = "Anyone" });
        foreach (var origin in new[] { null, Wallboard, "https://evil.example" })
        {
            using var response = await GetAsync(service.Client, path, origin);

            response.StatusCode.ShouldBe(status);
            VaryOf(response).Count(name => name == "Origin").ShouldBe(1, $"{path} {origin}");
        }
    }

    [Fact]
    public async Task A_cached_response_a_304_and_an_unknown_method_vary_by_Origin()
    {
        const string Query = "/aggregates?from=2026-11-16&to=2026-11-17";
        await using var service = await SimulatedService.StartAsync(settings: new() { ["Cors:Origins:0"] = Wallboard });
        using var first = await GetAsync(service.Client, Query, origin: null);
        using var cached = await GetAsync(service.Client, Query, origin: null);
        using var unchanged = await GetAsync(service.Client, Query, origin: null, ("If-None-Match", first.Headers.ETag!.ToString()));
        using var unknown = await service.Client.SendAsync(new HttpRequestMessage(new HttpMethod("FOO"), Query), TestCancellation);

        unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotImplemented);
        foreach (var response in new[] { first, cached, unchanged })
        {
            VaryOf(response).ShouldBe(["Accept", "Accept-Encoding", "Authorization", "X-Api-Key", "Origin"]);
        }

        VaryOf(unknown).ShouldBe(["Origin"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*")]
    public async Task No_response_varies_by_Origin_if_no_origin_or_any_origin_is_allowed(string? listed)
    {
        var settings = new Dictionary<string, string>(Keys.Settings) { ["Auth:AllowAnonymous"] = "false" };
        if (listed is not null)
        {
            settings["Cors:Origins:0"] = listed;
        }

        await using var service = await SimulatedService.StartAsync(settings: settings);
        foreach (var path in new[] { "/aggregates?from=2026-11-16&to=2026-11-17", "/queues?wrong=1", "/" })
        {
            foreach (var origin in new[] { null, Wallboard })
            {
                using var response = await GetAsync(service.Client, path, origin, (ApiKeyAuthenticator.Header, Keys["wallboard"]));

                VaryOf(response).ShouldNotContain("Origin");
            }
        }
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

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path, string? origin, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in origin is null ? headers : [.. headers, ("Origin", origin)])
        {
            request.Headers.Add(name, value);
        }

        return await client.SendAsync(request, TestCancellation);
    }

    private static HttpHeaderValueCollection<string> VaryOf(HttpResponseMessage response) => response.Headers.Vary;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
