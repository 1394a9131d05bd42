using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>The service, or another server, in a process of its own, as it is built for release. It ends with us, however we end.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // By itself a signal would end us without a word, and leave what we have started.
    private static readonly PosixSignalRegistration[] Signals =
        [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, _ => Environment.Exit(1)))];

    private readonly Process _process;
    private readonly long _started = Stopwatch.GetTimestamp();

    private ServiceProcess(Uri address, string[] arguments, params (string Name, string Value)[] settings)
    {
        // Through a shell, which it replaces: its log goes nowhere, and costs us nothing to read.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec dotnet \"$@\" >/dev/null 2>&1", "sh", .. arguments]);
        // The demo mode, unless a far side is set; and the collector that the service has by default, for every server.
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        // One load generator is one caller, who asks more than a caller may.
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

    /// <param name="settings">As the environment has them: <c>Genesys__ApiBaseUrl</c>.</param>
    public static ServiceProcess Start(string dll, int port, params (string Name, string Value)[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{port}");
        return new ServiceProcess(address, [dll, "--urls", address.OriginalString], settings);
    }

    /// <summary>A server of this program: see <see cref="Baseline"/>.</summary>
    public static ServiceProcess StartBaseline(int port, params string[] arguments)
    {
        var address = new Uri($"http://127.0.0.1:{port}");
        return new ServiceProcess(address, [typeof(ServiceProcess).Assembly.Location, "baseline", address.OriginalString, .. arguments]);
    }

    /// <summary>Until the path is answered with 200; how long that took since the process was started.</summary>
    public async Task<TimeSpan> FirstAnswerAsync(string path)
    {
        while (Stopwatch.GetElapsedTime(_started) < Patience && !_process.HasExited)
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
                // Not up yet.
            }

            await Task.Delay(BetweenLooks, TimeProvider.System);
        }

        throw new InvalidOperationException($"Nothing answers at {Client.BaseAddress}.");
    }

    /// <summary>The body of the answer, and the time until it was there whole.</summary>
    public async Task<(byte[] Body, TimeSpan Elapsed)> AskAsync(string path)
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
