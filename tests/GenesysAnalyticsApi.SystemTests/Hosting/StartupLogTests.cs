using System.Text.RegularExpressions;
using GenesysAnalyticsApi.SystemTests.Chaos;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Hosting;

/// <summary>What a new user reads after starting the service in Development on a fresh machine.</summary>
public sealed partial class StartupLogTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("genesys-analytics-home-");

    [Fact]
    public async Task The_first_log_line_is_the_address_to_open_and_the_others_are_useful()
    {
        const string page = "/";
        using var service = new ReplicaProcess(new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            // An empty folder, as on a fresh machine.
            ["HOME"] = _home.FullName,
        });
        await Eventually.IsTrueAsync(() => service.Log.Count > 0, "the service logs something");

        using var response = await service.Client.GetAsync(new Uri(page, UriKind.Relative), TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        service.RequestStop();
        (await service.ExitCodeAsync()).ShouldBe(0);

        var lines = service.Log.Select(line => Time().Replace(line, "")).ToList();
        lines.Count.ShouldBeGreaterThan(2);
        lines[0].ShouldBe($"INF Open {service.Address.OriginalString}{page} in a browser. Ctrl+C ends the service");
        lines[1].ShouldMatch(@"^WRN The figures are simulated: they come from a simulator at http://127\.0\.0\.1:\d+/, not from Genesys Cloud\. For real figures, see docs/configuration\.md$");
        lines.Skip(2).ShouldAllBe(line => line.StartsWith($"INF GET {page}", StringComparison.Ordinal) || line.StartsWith("INF Read the limits of the organization from Genesys: ", StringComparison.Ordinal));
        _home.GetFileSystemInfos().ShouldBeEmpty("no unnecessary file is written");
    }

    [Fact]
    public async Task A_failed_start_also_shows_the_log_lines_before_it()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();

        var (exitCode, output, error) = await ServiceProcess.RunAsync(
            _home.FullName, new() { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["URLS"] = $"http://{taken.LocalEndpoint}" });

        exitCode.ShouldBe(1);
        error.ShouldStartWith("GenesysAnalyticsApi does not start: Failed to bind to address ");
        output.ShouldContain("The figures are simulated");
        (output + error).ShouldNotContain("   at ");
    }

    public void Dispose() => _home.Delete(recursive: true);

    [GeneratedRegex(@"^\d\d:\d\d:\d\d\.\d\d\d ")]
    private static partial Regex Time();
}
