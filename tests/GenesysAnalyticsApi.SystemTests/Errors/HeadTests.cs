using System.Net;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Errors;

/// <summary>The response to HEAD is that of GET without the body (RFC 9110, 9.3.2).</summary>
public sealed class HeadTests
{
    private const string Day = "/aggregates?from=2026-11-10&to=2026-11-11&granularity=PT1H";

    /// <summary>Headers that differ even between two identical GET requests.</summary>
    private static readonly string[] VaryingHeaders = ["Date", "Server-Timing", "RateLimit"];

    /// <summary>Paths whose bodies contain times and counts, so that two identical GET requests have bodies of different lengths.</summary>
    private static readonly string[] PathsOfVaryingLength = ["/health/doctor", "/metrics"];

    private static readonly string[] MorePaths =
    [
        Day, Day + "&explain=true", "/aggregates?wrong=1", "/aggregates/query", "/queues?limit=0", "/queues/no-guid", "/problems/nowhere", "/nowhere",
        "/swagger", "/swagger/index.html", "/swagger/swagger-ui.css", "/swagger/v1/swagger.json", "/swagger/v1/page.json",
    ];

    [Fact]
    public async Task Every_GET_has_a_HEAD_with_the_same_status_and_headers_and_no_body()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Auth:Metrics"] = "Anyone" });
        var routes = given.Service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") != false)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
                .Replace("{id}", "05f1c285-6777-4ccc-806f-8db085ae0793", StringComparison.Ordinal).Replace("{name}", "internal", StringComparison.Ordinal)
                .Replace("scripts/{**file}", "scripts/main.js", StringComparison.Ordinal).Replace("styles/{**file}", "styles/page.css", StringComparison.Ordinal).Replace("vendor/{**file}", "vendor/uplot/LICENSE", StringComparison.Ordinal))
            .ToList();
        routes.ShouldContain("/aggregates");
        routes.ShouldAllBe(route => !route.Contains('{'));

        // A redirected HEAD would become a GET.
        using var client = given.Service.CreateClient(new() { AllowAutoRedirect = false });
        foreach (var path in routes.Concat(MorePaths))
        {
            // The first request fills the cache for the other two.
            (await SendAsync(client, HttpMethod.Get, path)).Dispose();
            using var get = await SendAsync(client, HttpMethod.Get, path);
            using var head = await SendAsync(client, HttpMethod.Head, path);

            head.StatusCode.ShouldBe(get.StatusCode, path);
            (await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty(path);
            HeadersOf(head, path).ShouldBe(HeadersOf(get, path), path);
        }
    }

    [Fact]
    public async Task A_HEAD_can_be_conditional_and_is_cached_and_logged_as_HEAD()
    {
        await using var given = await SimulatedService.StartAsync();
        using var first = await SendAsync(given.Client, HttpMethod.Head, Day);
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(Day, UriKind.Relative));
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await given.Client.SendAsync(request, TestContext.Current.CancellationToken);

        first.Headers.GetValues("X-Slices").Single().ShouldContain("cached=0");
        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        RecordedLog.Text(await given.Service.Log.NextRequestAsync()).ShouldContain($"HEAD {Day} responded 200");
        RecordedLog.Text(await given.Service.Log.NextRequestAsync()).ShouldContain($"HEAD {Day} responded 304");
    }

    /// <summary>A GET of these paths requests the whole body from Genesys while it sends it.</summary>
    [Theory]
    [InlineData("/observations/stream")]
    [InlineData("/conversations?from=2026-11-20T08:00:00Z&to=2026-11-20T12:00:00Z&format=ndjson")]
    [InlineData("/conversations?from=2026-11-20T08:00:00Z&to=2026-11-20T12:00:00Z&format=csv")]
    [InlineData("/conversations?from=2026-11-20T08:00:00Z&to=2026-11-20T12:00:00Z&format=parquet")]
    [InlineData("/aggregates?from=2026-11-02&to=2026-11-09&granularity=PT1H&format=ndjson")]
    public async Task A_HEAD_of_a_stream_has_its_headers_and_requests_no_data_from_Genesys(string path)
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Aggregates:StreamRows"] = "20" });

        using var head = await SendAsync(given.Client, HttpMethod.Head, path);
        var calls = given.Simulator.Calls.Count(call => call.Path.Contains("/analytics/", StringComparison.Ordinal));

        calls.ShouldBe(0, path);
        using var get = await given.Client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        head.StatusCode.ShouldBe(get.StatusCode);
        HeadersOf(head, path).ShouldBe(HeadersOf(get, path));
    }

    [Theory]
    [InlineData("/observations/stream?queueId=00000000-0000-4000-8000-000000000009", HttpStatusCode.OK)]
    [InlineData("/observations/stream?queue=No+such+queue", HttpStatusCode.NotFound)]
    [InlineData("/observations/stream?groupBy=wrong", HttpStatusCode.BadRequest)]
    [InlineData("/conversations?period=yesterday&queue=No+such+queue&format=ndjson", HttpStatusCode.NotFound)]
    public async Task A_HEAD_of_a_stream_has_the_status_of_an_invalid_query(string path, HttpStatusCode status)
    {
        await using var given = await SimulatedService.StartAsync();

        using var head = await SendAsync(given.Client, HttpMethod.Head, path);

        head.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task A_HEAD_starts_no_job()
    {
        await using var given = await SimulatedService.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(Day, UriKind.Relative)) { Headers = { { "Prefer", "respond-async" } } };

        using var head = await given.Client.SendAsync(request, TestContext.Current.CancellationToken);

        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await given.Client.GetStringAsync(new Uri("/jobs", UriKind.Relative), TestContext.Current.CancellationToken)).ShouldContain("\"records\":[]");
    }

    [Fact]
    public async Task A_HEAD_needs_the_same_credentials_as_a_GET()
    {
        using var service = new RunningService { Settings = new() { ["Auth:AllowAnonymous"] = "false", ["Auth:Mode"] = "ApiKey", ["Auth:Keys:0:Name"] = "any", ["Auth:Keys:0:Sha256"] = new string('a', 64) } };
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(Day, UriKind.Relative));

        using var response = await service.CreateClient().SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ShouldNotBeEmpty();
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData("/queues", "200")]
    [InlineData("/queues?limit=0", "400")]
    [InlineData("/nowhere", "404")]
    public async Task The_server_sends_the_content_length_of_the_GET_but_no_body(string path, string status)
    {
        using var service = RunningService.Simulated();
        var server = RawConnection.To(service);

        var head = await QueryAsync(server, "HEAD", path);
        var get = await QueryAsync(server, "GET", path);

        head.ShouldStartWith($"HTTP/1.1 {status} ");
        head.ShouldEndWith("\r\n\r\n");
        LengthOf(head).ShouldBe(LengthOf(get));
        get.Split("\r\n\r\n", 2)[1].Length.ShouldBeGreaterThan(0);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path) =>
        client.SendAsync(
            new HttpRequestMessage(method, new Uri(path, UriKind.Relative)),
            // A stream does not end, so only its headers are read.
            path.EndsWith("/stream", StringComparison.Ordinal) ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead,
            TestContext.Current.CancellationToken);

    private static Task<string> QueryAsync(RawConnection server, string method, string path) =>
        server.QueryAsync($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);

    private static string LengthOf(string response) => response.Split("\r\n").Single(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal));

    private static List<string> HeadersOf(HttpResponseMessage response, string path) =>
    [
        .. response.Headers.Concat(response.Content.Headers)
            .Where(header => !VaryingHeaders.Contains(header.Key))
            .Select(header => header.Key == "Content-Length" && PathsOfVaryingLength.Contains(path) ? header.Key : $"{header.Key}: {string.Join(", ", header.Value)}")
            .Order(StringComparer.Ordinal),
    ];
}
