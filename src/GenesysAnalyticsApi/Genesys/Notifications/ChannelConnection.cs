using System.Buffers;
using System.Collections.Immutable;
using System.Net.WebSockets;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.Notifications;

/// <summary>
/// One notification channel with its socket. The socket is connected before the topics are set, so no message is missed. The connection sends pings, detects
/// silence, and sets the topics again long before the channel expires. A connection that has ended is not reopened; its owner opens a new connection.
/// </summary>
internal sealed class ChannelConnection : IAsyncDisposable
{
    internal static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(3);

    /// <summary>How long a channel that has replied to pings can be silent before it counts as lost.</summary>
    internal static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(7);

    /// <summary>The same limit if Genesys has not replied to pings. Genesys sends a heartbeat every 30 s, and a heartbeat can be late.</summary>
    internal static readonly TimeSpan MaxSilenceWithoutPongs = TimeSpan.FromSeconds(75);

    /// <summary>The pause before another attempt if the topics could not be set again.</summary>
    private static readonly TimeSpan RenewalRetry = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The maximum size of a message. The state of a queue takes a few KB.</summary>
    private const int MaxMessageBytes = 1024 * 1024;

    private readonly INotificationChannels _channels;
    private readonly NotificationChannel _channel;
    private readonly WebSocket _socket;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _ended = new();
    private Task _run = Task.CompletedTask;
    private Task _renewal = Task.CompletedTask;
    private long _lastMessage;
    private Instant _renewAt;
    private volatile bool _repliesToPings;
    private volatile string? _fault;
    private int _isDisposed;

    private ChannelConnection(INotificationChannels channels, NotificationChannel channel, WebSocket socket, ImmutableArray<string> topics, TimeProvider clock)
    {
        (_channels, _channel, _socket, Topics, _clock) = (channels, channel, socket, topics, clock);
        _lastMessage = clock.GetTimestamp();
        _renewAt = Now + ((channel.Expires - Now) / 2);
    }

    public ImmutableArray<string> Topics { get; }

    /// <summary>How Genesys replied to the latest subscription to the topics.</summary>
    public SubscriptionReply Subscription { get; private set; } = new([], null);

    private Instant Now => Instant.FromDateTimeOffset(_clock.GetUtcNow());

    private TimeSpan Silence => _clock.GetElapsedTime(Interlocked.Read(ref _lastMessage));

    /// <exception cref="GenesysException">The channel could not be created, or the topics could not be set.</exception>
    /// <exception cref="WebSocketException">The socket could not be opened.</exception>
    public static async Task<ChannelConnection> OpenAsync(
        INotificationChannels channels, INotificationSockets sockets, ImmutableArray<string> topics, TimeProvider clock, CancellationToken cancellationToken)
    {
        var channel = await channels.CreateAsync(cancellationToken);
        using var timeout = new CancellationTokenSource(ConnectTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        WebSocket socket;
        try
        {
            socket = await sockets.ConnectAsync(channel.ConnectUri, linked.Token);
        }
        catch (Exception exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new WebSocketException(WebSocketError.Faulted, $"The socket was not open after {ConnectTimeout.TotalSeconds:0} s.", exception);
        }

        var connection = new ChannelConnection(channels, channel, socket, topics, clock);
        try
        {
            connection.Subscription = await channels.SubscribeAsync(channel, topics, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts to receive messages and to send pings.</summary>
    /// <param name="onMessage">Called for each message, one after the other.</param>
    /// <param name="onEnd">Called once, with the reason, unless the owner disposes the connection first.</param>
    public void Start(Action<NotificationMessage> onMessage, Action<string> onEnd) => _run = Task.Run(async () =>
    {
        var pinging = PingAsync();
        var reason = await ReceiveAsync(onMessage);
        var isDisposed = _ended.IsCancellationRequested;
        await _ended.CancelAsync();
        await pinging;
        if (!isDisposed)
        {
            onEnd(_fault ?? reason);
        }
    });

    /// <summary>Ends the connection. Neither callback is called afterward.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        await _ended.CancelAsync();
        _socket.Abort();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _renewal;
        _socket.Dispose();
        _ended.Dispose();
    }

    private async Task<string> ReceiveAsync(Action<NotificationMessage> onMessage)
    {
        var message = new ArrayBufferWriter<byte>(16 * 1024);
        try
        {
            while (true)
            {
                var result = await _socket.ReceiveAsync(message.GetMemory(8 * 1024), _ended.Token);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    return "Genesys closed the socket";
                }

                message.Advance(result.Count);
                if (message.WrittenCount > MaxMessageBytes)
                {
                    return $"a message exceeds {MaxMessageBytes} bytes";
                }

                if (result.EndOfMessage)
                {
                    Handle(await NotificationMessageReader.ReadAsync(message.WrittenMemory, _ended.Token), onMessage);
                    message.ResetWrittenCount();
                }
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException
            or ObjectDisposedException or InvalidOperationException)
        {
            return $"the socket failed ({exception.GetType().Name})";
        }
    }

    private void Handle(NotificationMessage message, Action<NotificationMessage> onMessage)
    {
        Interlocked.Exchange(ref _lastMessage, _clock.GetTimestamp());
        _repliesToPings |= message is HeartbeatMessage { IsPong: true };
        onMessage(message);
    }

    private async Task PingAsync()
    {
        using var timer = new PeriodicTimer(PingInterval, _clock);
        try
        {
            do
            {
                if (Silence > (_repliesToPings ? MaxSilence : MaxSilenceWithoutPongs))
                {
                    _fault = $"no message for {Silence.TotalSeconds:0} s";
                    _socket.Abort();
                    return;
                }

                await SendPingAsync();
                if (Now >= _renewAt && _renewal.IsCompleted)
                {
                    // The renewal is not awaited, so that pings and the detection of silence continue while the topics are being set.
                    _renewal = RenewAsync();
                }
            }
            while (await timer.WaitForNextTickAsync(_ended.Token));
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException
            or ObjectDisposedException or InvalidOperationException)
        {
            // If nothing can be sent on a socket, the connection counts as lost, even if messages still arrive.
            _fault ??= _ended.IsCancellationRequested ? null : $"a ping could not be sent ({exception.GetType().Name})";
            _socket.Abort();
        }
    }

    private async Task SendPingAsync()
    {
        using var timeout = new CancellationTokenSource(SendTimeout, _clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _ended.Token);
        await _socket.SendAsync(NotificationWire.Ping, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, linked.Token);
    }

    /// <summary>Sets the topics again after half of the channel's lifetime. The other half remains for retries after a failure.</summary>
    private async Task RenewAsync()
    {
        try
        {
            Subscription = await _channels.SubscribeAsync(_channel, Topics, _ended.Token);
            _renewAt = Now + (Duration.FromTimeSpan(NotificationWire.ChannelLife) / 2);
        }
        catch (GenesysException)
        {
            _renewAt = Now + Duration.FromTimeSpan(RenewalRetry);
        }
        catch (OperationCanceledException)
        {
            // The connection has ended.
        }
    }
}
