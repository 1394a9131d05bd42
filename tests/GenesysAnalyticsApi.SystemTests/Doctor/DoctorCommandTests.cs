using System.Net;
using System.Net.Sockets;
using GenesysAnalyticsApi.SystemTests.Doctor.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Doctor;

/// <summary>The command as a separate process: what a new operator sees, and what a script relies on.</summary>
public sealed class DoctorCommandTests : IDisposable
{
    private const string Planted = RunningService.PlantedSecret;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("genesys-analytics-");

    [Fact]
    public async Task The_doctor_examines_the_simulator_in_the_demo_and_does_not_contact_a_running_service()
    {
        using var running = new TcpListener(IPAddress.Loopback, 0);
        running.Start();

        var (exitCode, output, error) = await DoctorAsync(new() { ["Genesys__Mode"] = "Simulator", ["URLS"] = $"http://{running.LocalEndpoint}" });

        (exitCode, error).ShouldBe((0, ""));
        output.ShouldStartWith("warning  configuration          The service uses the built-in simulator instead of Genesys Cloud: all figures are simulated.\n");
        output.ShouldContain("\nok       aggregates-permission  Genesys accepts the request for figures, and its reply can be parsed: 'analytics:conversationAggregate:view' is granted.\n");
        output.ShouldContain("\n                                  predicates: 200 predicates of a query for the state of queues: the organization's limit is 200 (its own value of analytics.realtime/query.predicates.max); Observations:MaxPredicates is 200\n");
        output.ShouldMatch(@"\n\nHealthy: 12 ok, 1 warning, 3 skipped\. \d+ requests were sent to Genesys\.\n$");
        running.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task A_failed_check_prints_its_remedy_and_the_exit_code_is_1()
    {
        await using var simulator = await Simulator.StartAsync(new() { ClientSecret = "another" }, TimeProvider.System, TestContext.Current.CancellationToken);

        var (exitCode, output, _) = await DoctorAsync(Live(simulator.BaseAddress));

        exitCode.ShouldBe(1);
        output.ShouldContain($"\nfailed   token                  Genesys rejects the secret of the OAuth client at 127.0.0.1:{simulator.BaseAddress.Port}.\n                                > Set Genesys:ClientSecret to the secret ");
        output.ShouldContain("\n                                  message: authentication failed\n");
        output.ShouldNotContain(Planted);
    }

    [Fact]
    public async Task Command_line_settings_are_applied_and_JSON_output_has_the_same_result()
    {
        await using var simulator = await Simulator.StartAsync(new() { ClientSecret = Planted }, TimeProvider.System, TestContext.Current.CancellationToken);
        var settings = Live(simulator.BaseAddress);
        settings["Genesys__ClientId"] = "wrong";

        var (exitCode, output, error) = await DoctorAsync(settings, "--json", "--Genesys:ClientId=simulator");

        (exitCode, error).ShouldBe((0, ""));
        DoctorReport.Of(output).Healthy.ShouldBeTrue();
        DoctorReport.Of(output)["token"].Condition.ShouldBe("ok");
        output.ShouldNotContain(Planted);
    }

    [Fact]
    public async Task The_queues_of_all_pages_are_counted()
    {
        await using var simulator = await Simulator.StartAsync(new() { ClientSecret = Planted, Queues = 1_201, Volume = 0.01 }, TimeProvider.System, TestContext.Current.CancellationToken);

        var (_, output, _) = await DoctorAsync(Live(simulator.BaseAddress), "--json");

        DoctorReport.Of(output)["queues"].Finding.ShouldStartWith("1201 queues are visible, in ");
        DoctorReport.Of(output).Calls.ShouldBe(simulator.Calls.Count(call => call.Path.StartsWith("/api/", StringComparison.Ordinal)));
        simulator.Calls.Count(call => call.Path.StartsWith("/api/v2/routing/queues", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public async Task Invalid_settings_are_the_first_finding_with_the_startup_messages()
    {
        var (exitCode, output, error) = await DoctorAsync(new() { ["Genesys__Region"] = "nowhere", ["Genesys__ClientId"] = "id", ["Genesys__ClientSecret"] = Planted, ["Genesys__SettleHours"] = "abc" });

        (exitCode, error).ShouldBe((1, ""));
        output.ShouldBe(
            """
            failed   configuration  2 settings are invalid, so the service does not start.
                                    > Genesys:SettleHours = 'abc' is not a whole number. The default is 72.
                                    > Genesys:Region = 'nowhere' is not a Genesys Cloud region. Give an AWS region (eu-west-1), an SDK name (eu_west_1) or a domain (mypurecloud.ie).
                                    > docs/configuration.md explains every setting.

            Not healthy: 1 failed. 0 requests were sent to Genesys.

            """);
    }

    [Fact]
    public async Task An_invalid_setting_unrelated_to_Genesys_does_not_stop_the_other_checks()
    {
        var (exitCode, output, _) = await DoctorAsync(new() { ["Genesys__Mode"] = "Simulator", ["Limits__BodyBytes"] = "1" });

        exitCode.ShouldBe(1);
        output.ShouldContain("> Limits:BodyBytes = '1' is out of range.");
        output.ShouldContain("\nok       token  ");
    }

    [Theory]
    [InlineData("--foo", "'--foo' is neither an option nor a setting. Give settings as --Section:Key=value.\n")]
    [InlineData("now", "'now' is neither an option nor a setting. Give settings as --Section:Key=value.\n")]
    [InlineData("--json=maybe", "--json 'maybe' is neither true nor false. Give the option without a value, or omit it.\n")]
    [InlineData("--help", "Description:")]
    public async Task Invalid_arguments_run_no_check(string word, string expected)
    {
        var (exitCode, output, error) = await DoctorAsync(new() { ["Genesys__Mode"] = "Simulator" }, word);

        (exitCode, output).ShouldBe((2, ""));
        error.ShouldContain(expected);
        error.ShouldContain("Usage:\n  doctor ");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Dictionary<string, string?> Live(Uri genesys) => new()
    {
        ["Genesys__Mode"] = "Live",
        ["Genesys__ApiBaseUrl"] = genesys.ToString(),
        ["Genesys__LoginBaseUrl"] = genesys.ToString(),
        ["Genesys__ClientId"] = "simulator",
        ["Genesys__ClientSecret"] = Planted,
    };

    private Task<(int ExitCode, string Output, string Error)> DoctorAsync(Dictionary<string, string?> environment, params string[] words) =>
        ServiceProcess.RunAsync(_folder.FullName, environment, ["doctor", .. words]);
}
