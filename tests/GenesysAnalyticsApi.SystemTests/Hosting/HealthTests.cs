using System.Net;
using GenesysAnalyticsApi.Hosting.Health;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Hosting;

public sealed class HealthTests
{
    private static readonly DateTimeOffset Earlier = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_running_process_is_live()
    {
        using var service = new RunningService();

        var (status, body) = await AskAsync(service, "/health/live");

        status.ShouldBe(HttpStatusCode.OK);
        body.ShouldBe("""{"status":"live"}""");
    }

    [Fact]
    public async Task A_service_without_its_directory_is_not_ready()
    {
        using var service = With(new ReadinessCheck("test", IsRequired: true, () => new ComponentHealth(ComponentStatus.Down)));

        var (status, body) = await AskAsync(service, "/health/ready");

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        body.ShouldStartWith("""{"status":"not-ready","checks":{"configuration":{"condition":"ok"}""");
        body.ShouldContain("""
            "test":{"condition":"down"}
            """);
    }

    [Theory]
    [InlineData("Degraded", "degraded")]
    [InlineData("Down", "down")]
    public async Task An_unreachable_Genesys_is_told_and_leaves_the_service_ready(string condition, string expected)
    {
        using var service = With(new ReadinessCheck("test", IsRequired: false, () => new ComponentHealth(Enum.Parse<ComponentStatus>(condition), Earlier)));

        var (_, body) = await AskAsync(service, "/health/ready");

        body.ShouldContain($$"""
            "test":{"condition":"{{expected}}","since":"2026-11-23T08:00:00+00:00"}
            """);
        Readied(body, besides: "test").ShouldBeTrue();
    }

    private static bool Readied(string body, string besides) =>
        body.StartsWith("""{"status":"ready",""", StringComparison.Ordinal) && body.Contains(besides, StringComparison.Ordinal);

    // Only the checks of the test: those of the features have tests of their own.
    private static RunningService With(ReadinessCheck check) => new()
    {
        Replace = services =>
        {
            foreach (var feature in services.Where(service => service.ServiceType == typeof(ReadinessCheck) && service.ImplementationFactory is not null).ToList())
            {
                services.Remove(feature);
            }

            services.AddSingleton(check);
        },
    };

    private static async Task<(HttpStatusCode Status, string Body)> AskAsync(RunningService service, string path)
    {
        using var answer = await service.CreateClient().GetAsync(path, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
