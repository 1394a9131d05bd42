using System.Net;
using Garnet;
using Garnet.server;
using Garnet.server.Auth.Settings;

namespace GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

/// <summary>Garnet in this process, with little memory. It cannot be frozen itself: see <see cref="RelayedRedis"/>.</summary>
internal sealed class EmbeddedGarnet(int port, string? password) : IRedisProgram
{
    private GarnetServer? _server;

    public int Port => port;

    public void Start()
    {
        _server = new GarnetServer(new GarnetServerOptions
        {
            EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
            AuthSettings = password is null ? null : new PasswordAuthenticationSettings(password),
            EnableLua = true,
            LuaOptions = new LuaOptions(),
            // Otherwise its threads run scripts concurrently, and a script is not atomic.
            LuaTransactionMode = true,
            QuietMode = true,
            LogMemorySize = "32m",
            PageSize = "1m",
            IndexMemorySize = "1m",
        });
        _server.Start();
    }

    public void Stop()
    {
        _server?.Dispose();
        _server = null;
    }

    public void Freeze() => throw new NotSupportedException("Start it with freezes: true.");

    public void Thaw() => throw new NotSupportedException("Start it with freezes: true.");

    public void Dispose() => Stop();
}
