using System.Net;
using System.Net.Sockets;
using Garnet;
using Garnet.common;
using Garnet.server;
using Garnet.server.Auth.Settings;

namespace GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

/// <summary>Garnet in this process, with little memory. It cannot be frozen itself: see <see cref="RelayedRedis"/>.</summary>
internal sealed class EmbeddedGarnet(int port, string? password) : IRedisProgram
{
    private GarnetServer? _server;

    public int Port => port;

    /// <summary>The port of a server that was just stopped can still be taken for a moment.</summary>
    public void Start() => SpinWait.SpinUntil(TryStart, TimeSpan.FromSeconds(20)).ShouldBeTrue($"port {port} is free");

    public void Stop()
    {
        _server?.Dispose();
        _server = null;
    }

    public void Freeze() => throw new NotSupportedException("Garnet cannot be frozen: start the server with freezes: true.");

    public void Thaw() => throw new NotSupportedException("Garnet cannot be frozen: start the server with freezes: true.");

    public void Dispose() => Stop();

    private bool TryStart()
    {
        var server = new GarnetServer(new GarnetServerOptions
        {
            EndPoints = [new IPEndPoint(IPAddress.Loopback, port)],
            AuthSettings = password is null ? null : new PasswordAuthenticationSettings(password),
            EnableLua = true,
            LuaOptions = new LuaOptions(),
            // Without this, Garnet runs scripts concurrently, and a script is not atomic.
            LuaTransactionMode = true,
            QuietMode = true,
            LogMemorySize = "32m",
            PageSize = "1m",
            IndexMemorySize = "1m",
        });
        try
        {
            server.Start();
            _server = server;
            return true;
        }
        catch (GarnetException failure) when (failure.InnerException is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
        {
            server.Dispose();
            return false;
        }
    }
}
