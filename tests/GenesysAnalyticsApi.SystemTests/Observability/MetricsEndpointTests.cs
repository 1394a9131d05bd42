using System.Text.RegularExpressions;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Observability;

/// <summary>What Prometheus receives. Other services in this process contribute to the same text, so other tests check the values.</summary>
public sealed partial class MetricsEndpointTests
{
    private static readonly IssuedKeys Keys = new IssuedKeys().Add("reader").Add("operator", ("Scopes:0", "operator"));

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Anyone", null, 200)]
    [InlineData("Callers", null, 401)]
    [InlineData("Callers", "reader", 200)]
    [InlineData(null, null, 401)]
    [InlineData(null, "reader", 403)]
    [InlineData(null, "operator", 200)]
    [InlineData("Off", "operator", 404)]
    public async Task Metrics_access_is_configurable_and_defaults_to_operators(string? access, string? holder, int expected)
    {
        using var service = new RunningService
        {
            Settings = new(Keys.Settings) { ["Auth:AllowAnonymous"] = "false", ["Auth:Metrics"] = access ?? "Operators" },
        };
        using var client = holder is null ? service.CreateClient() : Keys.Of(holder, service);

        foreach (var path in new[] { "/metrics", "/Metrics/" })
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestCancellation);
            ((int)response.StatusCode).ShouldBe(expected, path);
        }
    }

    [Fact]
    public async Task The_metrics_are_in_the_Prometheus_text_format()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Auth:Metrics"] = "Operators" });
        await given.QueryAsync("/aggregates?period=today");

        using var response = await given.Client.GetAsync(new Uri("/metrics", UriKind.Relative), TestCancellation);
        var lines = (await response.Content.ReadAsStringAsync(TestCancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        lines.Where(line => !line.StartsWith('#')).ShouldAllBe(line => Sample().IsMatch(line));
        lines.ShouldContain(line => line.StartsWith("genesys_analytics_slices_total{outcome=\"fetched\"}", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal) && line.Contains("http_route=\"/aggregates\"", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("dotnet_gc_", StringComparison.Ordinal));
        string.Concat(lines).ShouldNotContain("simulator:");
    }

    /// <summary>A counter exists before its first increment, because otherwise an alert on increases would miss that one.</summary>
    [Theory]
    [InlineData("""genesys_analytics_upstream_failures_total{kind="unauthorized"}""")]
    [InlineData("""genesys_analytics_slices_total{outcome="failed"}""")]
    [InlineData("""genesys_analytics_answers_total{data="stale"}""")]
    [InlineData("""genesys_analytics_token_renewals_total{outcome="failed"}""")]
    [InlineData("""genesys_analytics_settled_changes_total{group="standard"}""")]
    [InlineData("""genesys_analytics_upstream_async_queries_total{outcome="fulfilled"}""")]
    public async Task Counters_start_at_0(string series)
    {
        using var service = new RunningService { Settings = new() { ["Auth:Metrics"] = "Anyone" } };

        var text = await service.CreateClient().GetStringAsync(new Uri("/metrics", UriKind.Relative), TestCancellation);

        text.ShouldContain(series);
    }

    [GeneratedRegex("""^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="[^"]*",?)*\})? [-+0-9.eEInfNa]+( \d+)?$""")]
    private static partial Regex Sample();
}
