using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Chaos;

/// <summary>The service as a separate process, on a port that it keeps across restarts. It ends with the test.</summary>
internal sealed class ReplicaProcess : IDisposable
{
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly ConcurrentQueue<string> _log = [];
    private Process? _process;
    private int _kills;

    /// <param name="settings">The names are those of environment variables, such as <c>Cache__Redis</c>.</param>
    public ReplicaProcess(IReadOnlyDictionary<string, string> settings)
    {
        _settings = settings;
        Address = new Uri($"http://127.0.0.1:{FreePort.Take()}");
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        Start();
    }

    /// <summary>A process that uses the simulator.</summary>
    /// <param name="settings">Additional settings.</param>
    public ReplicaProcess(GenesysSimulator.Simulator simulator, params IEnumerable<(string Name, string Value)> settings)
        : this(new Dictionary<string, string>(
            settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)))
        {
            ["Auth__AllowAnonymous"] = "true",
            ["Callers__RequestsPerMinute"] = "100000",
            ["Genesys__Mode"] = "Live",
            ["Genesys__ApiBaseUrl"] = simulator.BaseAddress.AbsoluteUri,
            ["Genesys__LoginBaseUrl"] = simulator.BaseAddress.AbsoluteUri,
            ["Genesys__ClientId"] = "simulator",
            ["Genesys__ClientSecret"] = "simulator",
            ["Genesys__RequestsPerMinute"] = "100000",
        })
    {
    }

    public Uri Address { get; }

    /// <summary>How often the test killed the process.</summary>
    public int Kills => Volatile.Read(ref _kills);

    /// <summary>True from a kill until the process is ready again.</summary>
    public bool IsDown { get; private set; }

    public HttpClient Client { get; }

    /// <summary>The console output, one JSON object per line, across all starts.</summary>
    public IReadOnlyCollection<string> Log => _log;

    public void Start()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "GenesysAnalyticsApi.dll"), "--urls", Address.OriginalString])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var inherited in start.Environment.Keys.Where(IsOurs).ToList())
        {
            start.Environment.Remove(inherited);
        }

        foreach (var (name, value) in _settings)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        void Keep(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is { Length: > 0 } text)
            {
                _log.Enqueue(text);
            }
        }
    }

    public Task IsReadyAsync() => Eventually.IsTrueAsync(
        async () =>
        {
            try
            {
                using var ready = await Client.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
                IsDown &= ready.StatusCode != HttpStatusCode.OK;
                return !IsDown && ready.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        $"the service at {Address} is ready: {string.Join('\n', _log)}");

    /// <summary>Ends the process as a power failure does.</summary>
    public void Kill()
    {
        Interlocked.Increment(ref _kills);
        IsDown = true;
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>Stops the process as an operator or an orchestrator does.</summary>
    public void RequestStop()
    {
        using var kill = Process.Start("kill", ["-TERM", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        kill.ExitCode.ShouldBe(0);
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process!.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process!.HasExited)
        {
            Kill();
        }

        _process.Dispose();
        Client.Dispose();
    }

    private static bool IsOurs(string variable) =>
        variable.StartsWith("GENESYS", StringComparison.OrdinalIgnoreCase) || variable.StartsWith("ASPNETCORE", StringComparison.OrdinalIgnoreCase);
}
