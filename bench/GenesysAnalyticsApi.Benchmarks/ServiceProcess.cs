using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>Runs the release build of the service, or a reference server, in a separate process, and kills it when this process ends.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    // By default, a signal ends this process without the ProcessExit event, and the child process would keep running.
    private static readonly PosixSignalRegistration[] Signals =
        [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, _ => Environment.Exit(1)))];

    private readonly Process _process;
    private readonly long _started = Stopwatch.GetTimestamp();

    private ServiceProcess(Uri address, string[] arguments, params (string Name, string Value)[] settings)
    {
        // The shell discards the log, so that this process does not spend time on reading it; exec replaces the shell with the service.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec dotnet \"$@\" >/dev/null 2>&1", "sh", .. arguments]);
        // Demo mode, unless the settings contain the address of another Genesys. Every server has the garbage collector of the service.
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        // To the service, the load generator is a single caller, which exceeds the default rate limit.
        start.Environment["Callers__RequestsPerMinute"] = "10000000";
        start.Environment["Callers__MaxConcurrent"] = "100000";
        start.Environment["DOTNET_gcServer"] = "1";
        start.Environment["DOTNET_GCDynamicAdaptationMode"] = "1";
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += Kill;
        GC.KeepAlive(Signals);
        Client = new HttpClient { BaseAddress = address };
    }

    public static string BuiltService { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../GenesysAnalyticsApi/release/GenesysAnalyticsApi.dll"));

    public HttpClient Client { get; }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <param name="settings">Environment variables, such as <c>Genesys__ApiBaseUrl</c>.</param>
    public static ServiceProcess Start(string dll, int port, params (string Name, string Value)[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{port}");
        return new ServiceProcess(address, [dll, "--urls", address.OriginalString], settings);
    }

    /// <summary>Starts a reference server of this program; see <see cref="Baseline"/>.</summary>
    public static ServiceProcess StartBaseline(int port, params string[] arguments)
    {
        var address = new Uri($"http://127.0.0.1:{port}");
        return new ServiceProcess(address, [typeof(ServiceProcess).Assembly.Location, "baseline", address.OriginalString, .. arguments]);
    }

    /// <summary>Polls until the path has a successful response.</summary>
    /// <returns>The time from the start of the process to the end of that response.</returns>
    public async Task<TimeSpan> WaitForResponseAsync(string path)
    {
        while (Stopwatch.GetElapsedTime(_started) < StartTimeout && !_process.HasExited)
        {
            try
            {
                using var response = await Client.GetAsync(path);
                if (response.IsSuccessStatusCode)
                {
                    await response.Content.ReadAsByteArrayAsync();
                    return Stopwatch.GetElapsedTime(_started);
                }
            }
            catch (HttpRequestException)
            {
                // The server does not listen yet.
            }

            await Task.Delay(PollInterval, TimeProvider.System);
        }

        throw new InvalidOperationException($"No successful response from {Client.BaseAddress} within {StartTimeout.TotalSeconds} s, or the process has ended.");
    }

    /// <returns>The body of the response, and the time until it was complete.</returns>
    public async Task<(byte[] Body, TimeSpan Elapsed)> GetAsync(string path)
    {
        var started = Stopwatch.GetTimestamp();
        using var response = await Client.GetAsync(path);
        var body = await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        return (body, Stopwatch.GetElapsedTime(started));
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        Kill(null, EventArgs.Empty);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Client.Dispose();
    }

    private void Kill(object? sender, EventArgs e) => _process.Kill();
}
