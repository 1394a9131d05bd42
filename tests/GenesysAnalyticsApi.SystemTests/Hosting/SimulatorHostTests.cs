using System.Net;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.SystemTests.Hosting;

public sealed class SimulatorHostTests
{
    [Fact]
    public async Task Without_credentials_Development_starts_the_simulator_and_logs_it()
    {
        using var service = new RunningService
        {
            Environment = "Development",
            Settings = new() { ["Genesys:Mode"] = "Auto", ["Genesys:Region"] = "", ["Genesys:ClientId"] = "", ["Genesys:ClientSecret"] = "" },
        };

        var genesys = service.Services.GetRequiredService<IOptions<GenesysOptions>>().Value;
        using var client = new HttpClient();
        using var refused = await client.PostAsync(new Uri(genesys.LoginBaseUrl!, "/oauth/token"), null, TestContext.Current.CancellationToken);

        genesys.Mode.ShouldBe(GenesysMode.Simulator);
        genesys.ApiBaseUrl!.IsLoopback.ShouldBeTrue();
        refused.StatusCode.ShouldNotBe(HttpStatusCode.NotFound);
        service.Log.AsText().ShouldContain("WRN The figures are simulated");
    }

    [Fact]
    public void With_credentials_no_simulator_runs()
    {
        using var service = new RunningService { Environment = "Development", Settings = new() { ["Genesys:Mode"] = "Auto" } };

        var genesys = service.Services.GetRequiredService<IOptions<GenesysOptions>>().Value;

        genesys.Mode.ShouldBe(GenesysMode.Live);
        genesys.ApiBaseUrl.ShouldBeNull();
        service.Log.AsText().ShouldNotContain("simulated");
    }
}
