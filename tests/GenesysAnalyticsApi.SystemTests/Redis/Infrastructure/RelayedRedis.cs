using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

/// <summary>
/// A server behind a relay that can stop forwarding bytes. Clients then see the same as with a suspended process: the system still accepts
/// connections, but no reply arrives.
/// </summary>
internal sealed class RelayedRedis(IRedisProgram server, int port) : IRedisProgram
{
    private readonly ConcurrentDictionary<Socket, byte> _open = [];
    private volatile TaskCompletionSource _flowing = Flowing();
    private TcpListener? _listener;

    public int Port => port;

    public void Start()
    {
        server.Start();
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _ = AcceptAsync(_listener);
    }

    public void Stop()
    {
        _listener?.Dispose();
        _listener = null;
        foreach (var socket in _open.Keys)
        {
            socket.Dispose();
        }

        server.Stop();
    }

    public void Freeze() => _flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Thaw() => _flowing.TrySetResult();

    public void Dispose()
    {
        Thaw();
        Stop();
        server.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await listener.AcceptSocketAsync());
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // The relay was stopped.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var upstream = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var own = client;
        client.NoDelay = true;
        _open.TryAdd(client, 0);
        _open.TryAdd(upstream, 0);
        try
        {
            await _flowing.Task;
            await upstream.ConnectAsync(IPAddress.Loopback, server.Port);
            await Task.WhenAny(ForwardAsync(client, upstream), ForwardAsync(upstream, client));
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // The other end sees it when both sockets are closed below.
        }
        finally
        {
            _open.TryRemove(client, out _);
            _open.TryRemove(upstream, out _);
        }
    }

    private async Task ForwardAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var received)
            {
                await _flowing.Task;
                for (var sent = 0; sent < received;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, received - sent));
                }
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            // This counts as the normal end of the connection.
        }
    }

    private static TaskCompletionSource Flowing()
    {
        var flowing = new TaskCompletionSource();
        flowing.SetResult();
        return flowing;
    }
}
