using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using GenesysAnalyticsApi.Commands;
using GenesysAnalyticsApi.SystemTests.Chaos;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using Microsoft.Extensions.Configuration;

namespace GenesysAnalyticsApi.SystemTests.Commands;

/// <summary>The command that checks the service in an image without a shell.</summary>
public sealed class HealthCommandTests
{
    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_exit_code_reports_the_health_of_the_running_service()
    {
        using var service = new ReplicaProcess(new Dictionary<string, string>
        {
            ["Auth__AllowAnonymous"] = "true",
            ["Genesys__Mode"] = "Simulator",
            // The host name in the request differs from the address.
            ["AllowedHosts"] = "*.example.com;127.0.0.1",
            ["Limits__DrainTime"] = "00:10:00",
        });
        await service.IsReadyAsync();
        Dictionary<string, string> sameSettings = new()
        {
            ["ASPNETCORE_HTTP_PORTS"] = $"{service.Address.Port}",
            ["AllowedHosts"] = "*.example.com;127.0.0.1",
            // No proxy listens there, and the command must not use one.
            ["HTTP_PROXY"] = "http://127.0.0.1:1",
        };

        (await RunAsync(sameSettings)).ShouldBe((0, $"{service.Address}health/ready 200\n", ""));

        service.RequestStop();
        await Eventually.IsTrueAsync(
            async () =>
            {
                using var ready = await service.Client.GetAsync(new Uri("/health/ready", UriKind.Relative), TestCancellation);
                return ready.StatusCode == HttpStatusCode.ServiceUnavailable;
            },
            "the service is no longer ready");

        (await RunAsync(sameSettings)).ShouldBe((1, $"{service.Address}health/ready 503\n", ""));
        (await RunAsync(sameSettings, "live")).ShouldBe((0, $"{service.Address}health/live 200\n", ""));
    }

    [Fact]
    public async Task The_service_is_checked_at_its_endpoint_if_endpoints_are_set()
    {
        Dictionary<string, string> settings = new()
        {
            ["Auth__AllowAnonymous"] = "true",
            ["Genesys__Mode"] = "Simulator",
            ["Kestrel__Endpoints__Plain__Url"] = $"http://127.0.0.1:{FreePort.Take()}",
        };
        var endpoint = settings["Kestrel__Endpoints__Plain__Url"];
        // The service is told to listen on another address too, which it ignores.
        using var service = new ReplicaProcess(settings);
        var (exitCode, output, error) = (1, "", "");

        await Eventually.IsTrueAsync(
            async () =>
            {
                (exitCode, output, error) = await RunAsync(new(settings) { ["ASPNETCORE_URLS"] = service.Address.OriginalString });
                var isStarting = error.StartsWith(endpoint, StringComparison.Ordinal) || output.Contains("503", StringComparison.Ordinal);
                return !isStarting;
            },
            "the service responds at its endpoint");

        (exitCode, output, error).ShouldBe((0, $"{endpoint}/health/ready 200\n", ""));
    }

    [Fact]
    public async Task An_unreachable_service_is_unhealthy()
    {
        var (exitCode, output, error) = await RunAsync(new() { ["ASPNETCORE_URLS"] = "http://127.0.0.1:1" });

        (exitCode, output).ShouldBe((1, ""));
        error.ShouldStartWith("http://127.0.0.1:1/health/ready ");
        error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_service_that_does_not_respond_is_reported_after_three_seconds()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        var (exitCode, _, error) = await RunAsync(new() { ["ASPNETCORE_URLS"] = $"http://{silent.LocalEndpoint}" });

        (exitCode, error).ShouldBe((1, $"http://{silent.LocalEndpoint}/health/ready did not respond within 3 s.\n"));
    }

    [Theory]
    [InlineData("probe 'well' is not a probe. Use one of ready, live.", "well")]
    [InlineData("Unrecognized command or argument 'live'.", "ready", "live")]
    public async Task Unknown_arguments_print_the_usage(string expected, params string[] words)
    {
        var (exitCode, _, error) = await RunAsync([], words);

        exitCode.ShouldBe(CommandInvocation.UsageError);
        error.ShouldContain(expected);
        error.ShouldContain("Usage:\n  health [<probe>] [options]");
        error.ShouldContain("ready: whether the service can serve requests; live: whether it runs.");
    }

    [Theory]
    [InlineData("http://+:8080", null, "http://127.0.0.1:8080/")]
    [InlineData("http://*:80", null, "http://127.0.0.1/")]
    [InlineData("http://[::]:8080", null, "http://127.0.0.1:8080/")]
    [InlineData("https://+:8443; http://0.0.0.0:8080", null, "http://127.0.0.1:8080/")]
    [InlineData("http://localhost:5080", null, "http://localhost:5080/")]
    [InlineData("http://10.1.2.3:8080", "9090", "http://10.1.2.3:8080/")]
    [InlineData(null, "8080;8081", "http://127.0.0.1:8080/")]
    [InlineData("https://+:8443", null, null)]
    public void The_command_uses_the_address_the_service_listens_on(string? urls, string? ports, string? expected) =>
        (HealthAddress.Of(Settings(("urls", urls), ("http_ports", ports)))?.ToString()).ShouldBe(expected);

    /// <summary>Kestrel ignores addresses and ports if endpoints are set, unless <c>PreferHostingUrls</c> is true.</summary>
    [Theory]
    [InlineData("http://*:9000", null, null, "http://127.0.0.1:9000/")]
    [InlineData("https://*:9443", "http://[::]:9001", null, "http://127.0.0.1:9001/")]
    [InlineData("https://*:9443", null, null, null)]
    [InlineData("http://*:9000", null, "false", "http://127.0.0.1:9000/")]
    [InlineData("http://*:9000", null, "true", "http://localhost:5080/")]
    [InlineData("http://*:9000", null, "1", "http://localhost:5080/")]
    public void Endpoints_override_addresses_and_ports(string first, string? second, string? prefersUrls, string? expected) => HealthAddress.Of(Settings(
        ("urls", "http://localhost:5080"), ("http_ports", "8080"), ("Kestrel:Endpoints:A:Url", first), ("Kestrel:Endpoints:B:Url", second), ("PreferHostingUrls", prefersUrls)))
        ?.ToString().ShouldBe(expected);

    [Fact]
    public void Ports_of_an_endpoint_are_used_if_no_address_is_preferred() => HealthAddress.Of(Settings(
        ("http_ports", "8080"), ("Kestrel:Endpoints:A:Url", "http://10.1.2.3:9000"))).ShouldBe(new Uri("http://10.1.2.3:9000"));

    [Theory]
    [InlineData("localhost;127.0.0.1;[::1]", "localhost")]
    [InlineData("*.example.com", "health.example.com")]
    [InlineData("localhost;*", null)]
    [InlineData(null, null)]
    public void The_command_uses_an_allowed_host_name(string? allowed, string? expected) =>
        HealthAddress.HostOf(Settings(("AllowedHosts", allowed))).ShouldBe(expected);

    private static IConfiguration Settings(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value)).Build();

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(Dictionary<string, string> environment, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "GenesysAnalyticsApi.dll"), HealthCommand.Name, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestCancellation);
        var error = process.StandardError.ReadToEndAsync(TestCancellation);
        await process.WaitForExitAsync(TestCancellation);
        return (process.ExitCode, await output, await error);
    }
}
