using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;

namespace GenesysSimulator.Notifications;

/// <summary>The open socket of a channel. Each socket has its own send queue, so a slow reader does not delay other readers.</summary>
internal sealed class ChannelSocket(WebSocket socket)
{
    // The capacity is enough for a temporarily slow reader. A reader that falls further behind loses messages, as can happen with Genesys.
    private readonly Channel<byte[]> _outgoing =
        Channel.CreateBounded<byte[]>(new BoundedChannelOptions(20_000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public required DateTimeOffset NextHeartbeat { get; set; }

    /// <summary>The announced instant at which the socket closes; null if no instant was announced.</summary>
    public DateTimeOffset? ClosesAt { get; set; }

    public void Send(byte[] message) => _outgoing.Writer.TryWrite(message);

    /// <summary>Sends the remaining messages, then closes the socket.</summary>
    public void Close() => _outgoing.Writer.TryComplete();

    /// <summary>Aborts the connection without a close handshake.</summary>
    public void Drop()
    {
        _outgoing.Writer.TryComplete();
        socket.Abort();
    }

    /// <summary>Sends and receives until the connection has ended.</summary>
    public async Task RunAsync(Action onPing, CancellationToken cancellationToken)
    {
        var sending = SendAllAsync(cancellationToken);
        await ReceiveAllAsync(onPing, cancellationToken);
        _outgoing.Writer.TryComplete();
        await sending;
    }

    private async Task SendAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var message in _outgoing.Reader.ReadAllAsync(cancellationToken))
            {
                await socket.SendAsync(message, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, cancellationToken);
            }

            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
            }
        }
        catch (Exception failure) when (IsEnd(failure))
        {
            socket.Abort();
        }
    }

    private async Task ReceiveAllAsync(Action onPing, CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>();
        try
        {
            while (socket.State is WebSocketState.Open or WebSocketState.CloseSent)
            {
                var received = await socket.ReceiveAsync(message.GetMemory(1_024), cancellationToken);
                message.Advance(received.Count);
                if (received.MessageType == WebSocketMessageType.Close || message.WrittenCount > 65_536)
                {
                    return;
                }

                if (received.EndOfMessage)
                {
                    if (IsPing(message.WrittenMemory))
                    {
                        onPing();
                    }

                    message.ResetWrittenCount();
                }
            }
        }
        catch (Exception failure) when (IsEnd(failure))
        {
            // The client has disconnected.
        }
    }

    private static bool IsPing(ReadOnlyMemory<byte> message)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("message", out var text)
                && text.ValueKind == JsonValueKind.String
                && text.ValueEquals("ping"u8);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsEnd(Exception failure) =>
        failure is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException;
}
