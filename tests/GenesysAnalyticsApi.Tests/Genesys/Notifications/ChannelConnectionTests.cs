using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Notifications;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Genesys.Notifications;

public sealed class ChannelConnectionTests : IAsyncDisposable
{
    private const string Pong = """{"topicName":"channel.metadata","eventBody":{"message":"pong"}}""";
    private const string Heartbeat = """{"topicName":"channel.metadata","eventBody":{"message":"WebSocket Heartbeat"}}""";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero));
    private readonly FakeChannels _channels;
    private readonly FakeSocket _socket = new();
    private readonly Channel<NotificationMessage> _messages = Channel.CreateUnbounded<NotificationMessage>();
    private readonly TaskCompletionSource<string> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChannelConnection? _connection;

    public ChannelConnectionTests() => _channels = new FakeChannels(_clock);

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        _socket.Dispose();
    }

    [Fact]
    public async Task The_socket_is_connected_before_the_topics_are_set()
    {
        await OpenAsync();

        _channels.Steps.ShouldBe(["create", "connect", "subscribe a,b"]);
    }

    [Fact]
    public async Task Messages_arrive_in_order_even_in_pieces()
    {
        await StartAsync();

        _socket.Receive(Heartbeat[..20], isEnd: false);
        _socket.Receive(Heartbeat[20..]);
        _socket.Receive("not JSON");
        _socket.Receive(Pong);

        (await NextAsync()).ShouldBe(new HeartbeatMessage(IsPong: false));
        (await NextAsync()).ShouldBeOfType<UnreadableMessage>();
        (await NextAsync()).ShouldBe(new HeartbeatMessage(IsPong: true));
    }

    [Fact]
    public async Task A_channel_that_replied_to_pings_is_lost_after_seconds_of_silence()
    {
        await StartAsync();
        _socket.Receive(Pong);
        await NextAsync();

        var silence = await PassUntilLostAsync();

        silence.ShouldBeLessThanOrEqualTo(ChannelConnection.MaxSilence + (2 * ChannelConnection.PingInterval));
        (await _end.Task).ShouldContain("no message for");
        _socket.Sent.ShouldContain("""{"message":"ping"}""");
    }

    [Fact]
    public async Task Heartbeats_keep_a_channel_alive_that_does_not_reply_to_pings()
    {
        await StartAsync();
        for (var beat = 0; beat < 4; beat++)
        {
            await PassAsync(TimeSpan.FromSeconds(30));
            _socket.Receive(Heartbeat);
            await NextAsync();
        }

        _end.Task.IsCompleted.ShouldBeFalse();
        (await PassUntilLostAsync()).ShouldBeGreaterThan(TimeSpan.FromSeconds(70));
    }

    [Fact]
    public async Task A_socket_that_Genesys_closes_ends_the_connection()
    {
        await StartAsync();

        _socket.ReceiveClose();

        (await _end.Task).ShouldBe("Genesys closed the socket");
    }

    [Fact]
    public async Task A_socket_that_breaks_ends_the_connection()
    {
        await StartAsync();

        _socket.Break();

        (await _end.Task).ShouldContain(nameof(WebSocketException));
    }

    [Fact]
    public async Task A_disposed_connection_does_not_report_its_end()
    {
        await StartAsync();

        await _connection!.DisposeAsync();

        _end.Task.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Topics_are_set_again_after_half_of_the_lifetime_of_a_channel_and_retried_after_a_failure()
    {
        await StartAsync();
        _channels.Failure = new GenesysException(new GenesysFailure(GenesysFailureKind.Unavailable, "Genesys is unavailable."));

        await PassAsync(TimeSpan.FromHours(11));
        _channels.Steps.Count(IsSubscription).ShouldBe(1);
        await PassAsync(TimeSpan.FromHours(1.1));
        _channels.Steps.Count(IsSubscription).ShouldBeGreaterThan(1);
        _channels.Failure = null;
        var failed = _channels.Steps.Count(IsSubscription);
        await PassAsync(TimeSpan.FromMinutes(6));
        _channels.Steps.Count(IsSubscription).ShouldBe(failed + 1);
        await PassAsync(TimeSpan.FromHours(11));
        _channels.Steps.Count(IsSubscription).ShouldBe(failed + 1);

        _end.Task.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_rejected_subscription_closes_the_socket()
    {
        _channels.Failure = new GenesysException(new GenesysFailure(GenesysFailureKind.Rejected, "Too many topics.", 400));

        await Should.ThrowAsync<GenesysException>(OpenAsync);

        _socket.State.ShouldBe(WebSocketState.Aborted);
    }

    private static bool IsSubscription(string step) => step.StartsWith("subscribe", StringComparison.Ordinal);

    private async Task OpenAsync() => _connection = await ChannelConnection.OpenAsync(_channels, new FakeSockets(_socket, _channels), ["a", "b"], _clock, TestContext.Current.CancellationToken);

    private async Task StartAsync()
    {
        await OpenAsync();
        _connection!.Start(message => _messages.Writer.TryWrite(message), reason => _end.TrySetResult(reason));

        // The first ping shows that the connection is running.
        await _socket.WaitForPingAsync();
    }

    private ValueTask<NotificationMessage> NextAsync() => _messages.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>
    /// Advances the clock in steps, and waits for a ping after each. Times over five minutes pass in steps of a minute with a heartbeat each, which avoids
    /// thousands of pings.
    /// </summary>
    private async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time && !_end.Task.IsCompleted;)
        {
            var step = time > TimeSpan.FromMinutes(5) ? TimeSpan.FromMinutes(1) : ChannelConnection.PingInterval;
            if (time > TimeSpan.FromMinutes(5))
            {
                _socket.Receive(Heartbeat);
                await NextAsync();
            }

            var pings = _socket.Sent.Count;
            _clock.Advance(step);
            passed += step;
            await Task.WhenAny(_socket.WaitForPingAsync(pings), _end.Task);
        }
    }

    private async Task<TimeSpan> PassUntilLostAsync()
    {
        var started = _clock.GetTimestamp();
        while (!_end.Task.IsCompleted)
        {
            var pings = _socket.Sent.Count;
            _clock.Advance(ChannelConnection.PingInterval);
            await Task.WhenAny(_socket.WaitForPingAsync(pings), _end.Task);
        }

        return _clock.GetElapsedTime(started);
    }

    private sealed class FakeChannels(TimeProvider clock) : INotificationChannels
    {
        public ConcurrentQueue<string> Steps { get; } = [];

        public GenesysException? Failure { get; set; }

        public Task<NotificationChannel> CreateAsync(CancellationToken cancellationToken)
        {
            Steps.Enqueue("create");
            return Task.FromResult(new NotificationChannel("channel", new Uri("wss://streaming.test/channels/channel"), Instant.FromDateTimeOffset(clock.GetUtcNow()) + Duration.FromHours(24)));
        }

        public Task<SubscriptionReply> SubscribeAsync(NotificationChannel channel, IReadOnlyCollection<string> topics, CancellationToken cancellationToken)
        {
            Steps.Enqueue($"subscribe {string.Join(',', topics)}");
            return Failure is null ? Task.FromResult(new SubscriptionReply([], null)) : Task.FromException<SubscriptionReply>(Failure);
        }
    }

    private sealed class FakeSockets(WebSocket socket, FakeChannels channels) : INotificationSockets
    {
        public Task<WebSocket> ConnectAsync(Uri address, CancellationToken cancellationToken)
        {
            channels.Steps.Enqueue("connect");
            return Task.FromResult(socket);
        }
    }

    /// <summary>A socket whose remote side is the test.</summary>
    private sealed class FakeSocket : WebSocket
    {
        private readonly Channel<(byte[] Bytes, bool IsEnd, WebSocketMessageType Type)> _incoming = Channel.CreateUnbounded<(byte[], bool, WebSocketMessageType)>();
        private readonly ConcurrentQueue<string> _sent = [];
        private WebSocketState _state = WebSocketState.Open;
        private TaskCompletionSource _ping = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<string> Sent => _sent;

        public override WebSocketCloseStatus? CloseStatus => null;

        public override string? CloseStatusDescription => null;

        public override WebSocketState State => _state;

        public override string? SubProtocol => null;

        public void Receive(string text, bool isEnd = true) => _incoming.Writer.TryWrite((Encoding.UTF8.GetBytes(text), isEnd, WebSocketMessageType.Text));

        public void ReceiveClose() => _incoming.Writer.TryWrite(([], true, WebSocketMessageType.Close));

        public void Break() => _incoming.Writer.TryComplete(new WebSocketException(WebSocketError.ConnectionClosedPrematurely));

        /// <summary>Waits until more than the given number of pings was sent.</summary>
        public async Task WaitForPingAsync(int after = 0)
        {
            while (_sent.Count <= after)
            {
                var next = Volatile.Read(ref _ping).Task;
                if (_sent.Count > after)
                {
                    return;
                }

                await next.WaitAsync(TestContext.Current.CancellationToken);
            }
        }

        public override void Abort()
        {
            _state = WebSocketState.Aborted;
            _incoming.Writer.TryComplete(new WebSocketException(WebSocketError.InvalidState));
        }

        public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => Task.CompletedTask;

        public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Dispose() => Abort();

        public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var (bytes, isEnd, type) = await ReadAsync(cancellationToken);
            bytes.CopyTo(buffer);
            return new ValueWebSocketReceiveResult(bytes.Length, type, isEnd);
        }

        private async Task<(byte[] Bytes, bool IsEnd, WebSocketMessageType Type)> ReadAsync(CancellationToken cancellationToken)
        {
            try
            {
                return await _incoming.Reader.ReadAsync(cancellationToken);
            }
            catch (ChannelClosedException closed)
            {
                throw closed.InnerException!;
            }
        }

        public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
        {
            if (_state != WebSocketState.Open)
            {
                return Task.FromException(new WebSocketException(WebSocketError.InvalidState));
            }

            _sent.Enqueue(Encoding.UTF8.GetString(buffer));
            Interlocked.Exchange(ref _ping, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            return Task.CompletedTask;
        }

        public override ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, WebSocketMessageFlags messageFlags, CancellationToken cancellationToken) =>
            new(SendAsync(new ArraySegment<byte>(buffer.ToArray()), messageType, endOfMessage: true, cancellationToken));
    }
}
