using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Errors;

/// <summary>HTTP methods on a real socket: method names are case-sensitive (RFC 9110, 9.1).</summary>
public sealed partial class MethodTests
{
    private static readonly string[] Paths =
    [
        "/aggregates", "/queues", "/queues/05f1c285-6777-4ccc-806f-8db085ae0793", "/users", "/wrapup-codes/x", "/health/live", "/health/ready", "/health/doctor", "/metrics", "/problems/internal",
        "/swagger", "/swagger/index.html", "/swagger/swagger-ui.css", "/swagger/v1/swagger.json", "/swagger/v1/page.json", "/", "/styles/page.css", "/scripts/main.js",
    ];

    [Theory]
    [InlineData("get")]
    [InlineData("Get")]
    [InlineData("head")]
    [InlineData("post")]
    [InlineData("FOO")]
    [InlineData("PRI")]
    [InlineData("M-SEARCH")]
    public async Task An_unknown_method_is_501_everywhere(string method)
    {
        using var service = Service();
        var server = RawConnection.To(service);
        foreach (var path in Paths.Append("/nowhere"))
        {
            var response = await QueryAsync(server, method, path);

            response.ShouldStartWith("HTTP/1.1 501 ", Case.Sensitive, $"{method} {path}");
            response.ShouldContain("/problems/method-not-allowed");
            response.ShouldContain($"'{method}' is not a known method.");
        }
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("CONNECT")]
    public async Task An_unsupported_method_is_405_with_the_allowed_methods(string method)
    {
        using var service = Service();
        var server = RawConnection.To(service);
        foreach (var path in Paths)
        {
            var response = await QueryAsync(server, method, path);

            response.ShouldStartWith("HTTP/1.1 405 ", Case.Sensitive, $"{method} {path}");
            Allow().Match(response).Groups["methods"].Value.ShouldStartWith("GET");
            response.ShouldContain("/problems/method-not-allowed");
        }
    }

    [Fact]
    public async Task The_allowed_methods_include_HEAD_wherever_GET_is_allowed()
    {
        using var service = Service();

        var response = await QueryAsync(RawConnection.To(service), "PATCH", "/jobs/x");

        Allow().Match(response).Groups["methods"].Value.Split(", ").ShouldBe(["DELETE", "GET", "HEAD"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("CONNECT localhost:443 HTTP/1.1", "HTTP/1.1 400 ")]
    [InlineData("TRACE * HTTP/1.1", "HTTP/1.1 405 ")]
    [InlineData("get * HTTP/1.1", "HTTP/1.1 405 ")]
    [InlineData("\"GET\" / HTTP/1.1", "HTTP/1.1 400 ")]
    [InlineData("G\u0001T / HTTP/1.1", "HTTP/1.1 400 ")]
    public async Task An_invalid_request_line_is_rejected(string line, string expected)
    {
        using var service = Service();

        var response = await RawConnection.To(service).QueryAsync($"{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n", Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);

        response.ShouldStartWith(expected);
    }

    private static RunningService Service() => new() { Settings = new() { ["Auth:Metrics"] = "Anyone" }, Replace = services => services.AddSingleton<IGenesysGateway>(new BlockingGateway()) };

    private static Task<string> QueryAsync(RawConnection server, string method, string path) =>
        server.QueryAsync($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);

    [GeneratedRegex("^Allow: (?<methods>[^\r]*)\r$", RegexOptions.Multiline)]
    private static partial Regex Allow();
}
