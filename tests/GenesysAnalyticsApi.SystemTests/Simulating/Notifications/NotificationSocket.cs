using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace GenesysAnalyticsApi.SystemTests.Simulating.Notifications;

/// <summary>The client's end of the socket of a channel.</summary>
internal sealed class NotificationSocket : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();

    private NotificationSocket()
    {
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Returns after the simulator has registered the socket.</summary>
    public static async Task<NotificationSocket> ConnectAsync(string connectUri)
    {
        var socket = new NotificationSocket();
        await socket._socket.ConnectAsync(new Uri(connectUri), Cancellation);
        (await socket.ReadAllAsync()).ShouldBeEmpty();
        return socket;
    }

    /// <summary>The messages that were sent before the reply to a ping.</summary>
    public async Task<List<JsonNode>> ReadAllAsync()
    {
        await _socket.SendAsync("""{"message":"ping"}"""u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Cancellation);
        var messages = new List<JsonNode>();
        while (JsonNode.Parse((await ReadTextAsync()).ShouldNotBeNull()) is { } message && (string?)message["eventBody"]?["message"] != "pong")
        {
            messages.Add(message);
        }

        return messages;
    }

    /// <summary>The next message; null if the socket was closed.</summary>
    public async Task<string?> ReadTextAsync()
    {
        var (buffer, text) = (new byte[8_192], new MemoryStream());
        ValueWebSocketReceiveResult received;
        do
        {
            received = await _socket.ReceiveAsync(buffer.AsMemory(), Cancellation);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            text.Write(buffer.AsSpan(0, received.Count));
        }
        while (!received.EndOfMessage);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
