using System.Net;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GenesysAnalyticsApi.SystemTests.Hosting;

public sealed class HealthTests
{
    private static readonly DateTimeOffset Earlier = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_running_process_is_live()
    {
        using var service = new RunningService();

        var (status, body) = await QueryAsync(service, "/health/live");

        status.ShouldBe(HttpStatusCode.OK);
        body.ShouldStartWith("""{"status":"live",""");
    }

    [Fact]
    public async Task A_service_without_its_directory_is_not_ready()
    {
        using var service = With(new HealthCheckResult(HealthStatus.Unhealthy), Readiness.Required);

        var (status, body) = await QueryAsync(service, "/health/ready");

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        body.ShouldStartWith("""{"status":"not-ready","checks":{"configuration":{"condition":"ok"}""");
        body.ShouldContain("""
            "test":{"condition":"down"}
            """);
    }

    [Theory]
    [InlineData("Degraded", "degraded")]
    [InlineData("Unhealthy", "down")]
    public async Task An_unreachable_Genesys_is_reported_and_leaves_the_service_ready(string condition, string expected)
    {
        using var service = With(await Readiness.ResultAsync(Enum.Parse<HealthStatus>(condition), Earlier));

        var (_, body) = await QueryAsync(service, "/health/ready");

        body.ShouldContain($$"""
            "test":{"condition":"{{expected}}","since":"2026-11-23T08:00:00+00:00"}
            """);
        IsReady(body, besides: "test").ShouldBeTrue();
    }

    private static bool IsReady(string body, string besides) =>
        body.StartsWith("""{"status":"ready",""", StringComparison.Ordinal) && body.Contains(besides, StringComparison.Ordinal);

    // Keeps only the checks of this test. Other tests cover those of the features.
    private static RunningService With(HealthCheckResult result, params string[] tags) => new()
    {
        Replace = services => services
            .PostConfigure<HealthCheckServiceOptions>(options =>
            {
                foreach (var feature in options.Registrations.Where(check => check.Name is not ("configuration" or "test")).ToList())
                {
                    options.Registrations.Remove(feature);
                }
            })
            .AddHealthChecks().AddCheck("test", () => result, tags),
    };

    private static async Task<(HttpStatusCode Status, string Body)> QueryAsync(RunningService service, string path)
    {
        using var response = await service.CreateClient().GetAsync(path, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
