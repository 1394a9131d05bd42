using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Tests;

/// <summary>A real Redis of the test's own on a free port of this machine. Where it is not installed the test is skipped and says so.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly int _port;
    private Process? _process;

    private RedisServer(int port) => _port = port;

    public string ConnectionString => $"127.0.0.1:{_port}";

    public static RedisServer Start()
    {
        var server = Absent();
        server.StartAgain();
        return server;
    }

    /// <summary>Its address is known and nobody listens there yet.</summary>
    public static RedisServer Absent()
    {
        Assert.SkipUnless(IsInstalled(), "redis-server is not installed: apt-get install redis-server.");
        return new(FreePort.Take());
    }

    public void StartAgain()
    {
        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var argument in new[] { "--port", _port.ToString(CultureInfo.InvariantCulture), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1" })
        {
            start.ArgumentList.Add(argument);
        }

        // Read to the end, since it may write more than a pipe holds.
        var ready = new TaskCompletionSource();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                ready.TrySetException(new InvalidOperationException("redis-server ended instead of accepting connections."));
            }
            else if (line.Data.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        };
        _process.Start();
        _process.BeginOutputReadLine();
        ready.Task.GetAwaiter().GetResult();
    }

    public void Stop()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    /// <summary>From now on it accepts connections and answers nothing, as a machine does that swaps.</summary>
    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    /// <summary>Sets what its configuration calls so, while it runs.</summary>
    public async Task SetAsync(string parameter, string value)
    {
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},allowAdmin=true");
        await admin.GetDatabase().ExecuteAsync("CONFIG", "SET", parameter, value);
    }

    public void Dispose()
    {
        Stop();
        _process?.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        kill.ExitCode.ShouldBe(0);
    }

    private static bool IsInstalled() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "redis-server")));
}
