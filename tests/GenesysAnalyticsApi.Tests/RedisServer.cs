using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace GenesysAnalyticsApi.Tests;

/// <summary>A real Redis of the test's own: on a free port of the loopback, with nothing on disk. It is lost with the test.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly int _port = FreePort();
    private Process? _process;

    private RedisServer() => StartAgain();

    public string ConnectionString => $"127.0.0.1:{_port},abortConnect=false,connectTimeout=2000,connectRetry=1";

    public static RedisServer Start()
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "redis-server")));
        Assert.SkipUnless(found, "redis-server is not installed (apt-get install redis-server).");
        return new RedisServer();
    }

    /// <summary>On the same port, and empty.</summary>
    public void StartAgain()
    {
        Stop();
        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var argument in new[] { "--port", $"{_port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no" })
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                // Whoever does not read on lets the pipe fill up and the server stand still.
                _ = _process.StandardOutput.ReadToEndAsync();
                return;
            }
        }

        throw new InvalidOperationException($"redis-server did not start on port {_port}.");
    }

    /// <summary>Without a farewell, as when a machine is gone.</summary>
    public void Stop()
    {
        if (_process is { } process)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
            _process = null;
        }
    }

    public void Dispose()
    {
        Stop();
        _process?.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
