using System.Net.WebSockets;

namespace GenesysAnalyticsApi.Genesys.Notifications;

/// <summary>Opens the socket of a channel. Tests provide a socket that needs no network.</summary>
internal interface INotificationSockets
{
    /// <exception cref="WebSocketException">The socket cannot be opened.</exception>
    Task<WebSocket> ConnectAsync(Uri address, CancellationToken cancellationToken);
}

/// <summary>Opens sockets over the network.</summary>
internal sealed class ClientNotificationSockets : INotificationSockets
{
    public async Task<WebSocket> ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            // Pings at the application level show whether Genesys is alive; a proxy might reply to pings at the protocol level.
            socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
            socket.Options.SetRequestHeader("User-Agent", "GenesysAnalyticsApi");
            await socket.ConnectAsync(address, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
