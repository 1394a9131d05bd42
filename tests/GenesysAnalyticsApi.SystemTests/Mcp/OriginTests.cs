using System.Net;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Mcp;

/// <summary>Which web pages may send requests to <c>/mcp</c>: a page that rebinds its own name to the address of the service may not.</summary>
public sealed class OriginTests
{
    [Theory]
    [InlineData("localhost:5080", null, HttpStatusCode.OK)]
    [InlineData("localhost:5080", "http://localhost:5080", HttpStatusCode.OK)]
    [InlineData("localhost:5080", "http://127.0.0.1:6274", HttpStatusCode.OK)]
    [InlineData("[::1]:5080", "http://localhost:6274", HttpStatusCode.OK)]
    [InlineData("analytics.example.com", "https://analytics.example.com", HttpStatusCode.OK)]
    [InlineData("analytics.example.com:8443", "https://analytics.example.com:8443", HttpStatusCode.OK)]
    [InlineData("analytics.example.com", "https://wallboard.example.com", HttpStatusCode.OK)]
    [InlineData("localhost:5080", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost:5080", "http://evil.example:5080", HttpStatusCode.Forbidden)]
    [InlineData("localhost:5080", "http://localhost.evil.example:5080", HttpStatusCode.Forbidden)]
    [InlineData("localhost:5080", "null", HttpStatusCode.Forbidden)]
    [InlineData("localhost:5080", "http://loopback:1", HttpStatusCode.Forbidden)]
    [InlineData("localhost:5080", "http://evil.example@localhost", HttpStatusCode.Forbidden)]
    [InlineData("localhost:5080", "http://localhost:5080/page", HttpStatusCode.Forbidden)]
    [InlineData("localhost:5080", "http://localhost#.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("localhost:5080", "localhost:5080", HttpStatusCode.Forbidden)]
    [InlineData("localhost:5080", "http://localhost:5080, http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("analytics.example.com", "https://analytics.example.com:8443", HttpStatusCode.Forbidden)]
    [InlineData("analytics.example.com", "http://localhost:6274", HttpStatusCode.Forbidden)]
    [InlineData("analytics.example.com", "http://wallboard.example.com", HttpStatusCode.Forbidden)]
    // The host name itself is rejected, so a page cannot make its own origin look like that of the service.
    [InlineData("evil.example:5080", "http://evil.example:5080", HttpStatusCode.BadRequest)]
    public async Task Only_known_origins_are_accepted_while_anonymous_access_is_allowed(string host, string? origin, HttpStatusCode expected)
    {
        using var service = new RunningService
        {
            Settings = new() { ["AllowedHosts"] = "localhost;[::1];analytics.example.com", ["Cors:Origins:0"] = "https://wallboard.example.com" },
        };

        using var response = await PingAsync(service, host, origin);

        response.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task An_error_names_the_origin_and_what_is_accepted()
    {
        using var service = new RunningService();

        using var response = await PingAsync(service, "localhost:5080", "http://evil.example");

        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        problem.GetProperty("type").GetString().ShouldBe("/problems/forbidden");
        problem.GetProperty("detail").GetString().ShouldBe(
            "The Origin 'http://evil.example' is not accepted. The service accepts requests without an Origin, from its own origin, from the origins in Cors:Origins and, if it is called at a loopback address, from other loopback origins.");
    }

    /// <summary>Pages need a key then, because the setting cannot admit every page while anonymous access is allowed.</summary>
    [Fact]
    public async Task Every_origin_is_accepted_if_the_setting_admits_all()
    {
        var keys = new IssuedKeys().Add("page");
        using var service = new RunningService { Settings = new(keys.Settings) { ["Auth:AllowAnonymous"] = "false", ["Auth:Mode"] = "ApiKey", ["Cors:Origins:0"] = "*" } };

        using var response = await PingAsync(service, "localhost:5080", "https://anything.example", keys["page"]);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<HttpResponseMessage> PingAsync(RunningService service, string host, string? origin, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", Encoding.UTF8, "application/json"),
            Headers = { { "Accept", "application/json, text/event-stream" }, { "Host", host } },
        };
        if (origin is not null)
        {
            request.Headers.TryAddWithoutValidation("Origin", origin);
        }

        if (key is not null)
        {
            request.Headers.Add(ApiKeyAuthenticator.Header, key);
        }

        using var client = service.CreateClient();
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
