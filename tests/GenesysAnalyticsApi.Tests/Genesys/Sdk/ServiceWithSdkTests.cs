using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GenesysAnalyticsApi.Tests.Genesys.Sdk;

/// <summary>
/// Runs the build with the SDK as a separate process, because the SDK creates its static configuration once per process, from the environment of
/// the process.
/// </summary>
public sealed partial class ServiceWithSdkTests : IDisposable
{
    private const int Folders = 300;

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("genesys-analytics-home-");

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_service_responds_with_data_read_through_the_SDK()
    {
        using var service = await StartAsync("Sdk", _home.FullName);

        var response = await service.QueryAsync();

        response.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeTrue();
        response.GetProperty("records").EnumerateArray().Sum(record => record.GetProperty("offered").GetInt64()).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task An_SDK_configuration_file_in_the_home_folder_neither_redirects_requests_nor_enables_a_log()
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        var port = ((IPEndPoint)elsewhere.LocalEndpoint).Port;
        var log = Path.Combine(_home.FullName, "sdk.log");
        var folder = _home.CreateSubdirectory(".genesysclouddotnet");
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "config"),
            $"""
            [general]
            host = http://127.0.0.1:{port}
            [gateway]
            host = 127.0.0.1
            port = {port}
            protocol = http
            [retry]
            retry_wait_max = 60
            [logging]
            log_level = trace
            log_format = text
            log_file_path = {log}
            log_request_body = true
            log_response_body = true
            """,
            TestCancellation);
        using var service = await StartAsync("Sdk", _home.FullName);

        (await service.QueryAsync()).GetProperty("records").GetArrayLength().ShouldBeGreaterThan(0);

        elsewhere.Pending().ShouldBeFalse("no request was sent there");
        File.Exists(log).ShouldBeFalse();
    }

    [Fact]
    public async Task The_home_folder_is_not_watched()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "watches are counted in /proc");
        for (var number = 0; number < Folders; number++)
        {
            _home.CreateSubdirectory($"folder-{number}");
        }

        using var without = await StartAsync("Http", _home.FullName);
        using var with = await StartAsync("Sdk", _home.FullName);
        await without.QueryAsync();
        await with.QueryAsync();

        with.Watches().ShouldBeInRange(without.Watches(), without.Watches() + 2);
    }

    [Fact]
    public async Task No_home_folder_is_required()
    {
        using var service = await StartAsync("Sdk", home: null);

        (await service.QueryAsync()).GetProperty("records").GetArrayLength().ShouldBeGreaterThan(0);
    }

    public void Dispose() => _home.Delete(recursive: true);

    private static async Task<RunningProcess> StartAsync(string client, string? home)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "GenesysAnalyticsApi.PureCloud.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = home;
        start.Environment["URLS"] = "http://127.0.0.1:0";
        start.Environment["Auth__AllowAnonymous"] = "true";
        start.Environment["Genesys__Mode"] = "Simulator";
        start.Environment["Genesys__Client"] = client;
        var service = new RunningProcess(Process.Start(start)!);
        try
        {
            await service.ListenAsync();
            return service;
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }

    [GeneratedRegex(@"(?<=Now listening on.*"")http://127\.0\.0\.1:\d+")]
    private static partial Regex Listening();

    private sealed class RunningProcess(Process process) : IDisposable
    {
        private readonly HttpClient _client = new();

        /// <summary>Waits until the process logs its address.</summary>
        public async Task ListenAsync()
        {
            while (await process.StandardOutput.ReadLineAsync(TestCancellation) is { } line)
            {
                if (Listening().Match(line) is { Success: true } found)
                {
                    _client.BaseAddress = new Uri(found.Value);

                    // The rest of the output is read, because the process would block when the pipe is full.
                    _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                    return;
                }
            }

            throw new InvalidOperationException($"The service did not start: {await process.StandardError.ReadToEndAsync(TestCancellation)}");
        }

        public async Task<JsonElement> QueryAsync() =>
            JsonSerializer.Deserialize<JsonElement>(await _client.GetStringAsync(new Uri("/aggregates?last=PT2H", UriKind.Relative), TestCancellation));

        public int Watches() => Directory.GetFiles($"/proc/{process.Id}/fdinfo")
            .SelectMany(file => File.ReadAllLines(file))
            .Count(line => line.StartsWith("inotify wd:", StringComparison.Ordinal));

        public void Dispose()
        {
            _client.Dispose();
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
