using System.Threading.Channels;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Notifications;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Observations.State;

namespace GenesysAnalyticsApi.Observations.Feed;

/// <summary>
/// Maintains the state of all queues from Genesys notifications:
/// <code>
///   open      as many channels as the topics need; each is connected first and then subscribed
///   read      a query reads the state; messages that arrive during the query are applied to its result
///   live      each message replaces the figures that it contains; the state is published at most ten times per second
///   gap       a channel was lost or a message could not be read; the state is polled until all channels are open and a query has read it again
/// </code>
/// Even without a gap, the state is read again every minute, because Genesys does not guarantee delivery, and every ten seconds if notifications lack figures.
/// </summary>
internal sealed partial class NotificationFeed(FeedDependencies services, INotificationSharing sharing)
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PublishInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the state stays labeled as repaired: longer than the usual interval between two requests of a reader.</summary>
    private static readonly Duration RepairedLabelDuration = Duration.FromSeconds(15);

    private readonly Channel<FeedEvent> _events = Channel.CreateUnbounded<FeedEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly NotifiedQueueState _queues = new(services.Presences);
    private readonly FeedChannels _channels = new(services);
    private readonly ReadSchedule _reads = new();
    private LiveSnapshot? _lastRead;
    private string? _gapReason;
    private bool _isLive, _hasChanged, _isPublishPaused;
    private Instant _repairedUntil = Instant.MinValue, _publishedAsOf;

    private Instant Now => Instant.FromDateTimeOffset(services.Clock.GetUtcNow());
    private Duration ClockAhead => Duration.FromTimeSpan(services.GenesysClock.Ahead ?? TimeSpan.Zero);

    /// <summary>Runs until the token is canceled. Then closes all channels and publishes no further state.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var timer = services.Clock.CreateTimer(_ => Post(FeedEvent.Tick), null, TimeSpan.Zero, TickInterval);
        try
        {
            await foreach (var feedEvent in _events.Reader.ReadAllAsync(cancellationToken))
            {
                Handle(feedEvent, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service is stopping, or another replica has taken over the channels.
        }
        finally
        {
            await _channels.EndAsync();
            while (_events.Reader.TryRead(out var unhandled))
            {
                await ((unhandled as OpenedEvent)?.Connection?.DisposeAsync() ?? ValueTask.CompletedTask);
            }
        }
    }

    private void Handle(FeedEvent feedEvent, CancellationToken cancellationToken)
    {
        switch (feedEvent)
        {
            case MessageEvent message when message.Slot.Connection == message.Connection:
                Handle(message, cancellationToken);
                break;
            case LostEvent lost when lost.Slot.Connection == lost.Connection:
                _channels.MarkLost(lost.Slot, Now);
                BeginGap(lost.Reason, cancellationToken);
                break;
            case OpenedEvent opened when !_channels.Has(opened.Slot):
                // The slot was removed while this connection was being opened. Nothing else owns the connection, so it is closed here.
                _channels.Dispose(opened.Connection);
                break;
            case OpenedEvent { Connection: null } failed:
                _channels.RecordFailure(failed, Now);
                break;
            case OpenedEvent opened:
                Handle(opened, opened.Connection!);
                break;
            case ReadEvent read:
                Complete(read);
                break;
            case QueuesEvent queues:
                _channels.Plan(queues.QueueIds, Now);
                break;
            case TickEvent:
                _channels.OpenDue(Now, Post, cancellationToken);
                break;
            case PublishEvent:
                _isPublishPaused = false;
                break;
        }

        if (_isLive && !_channels.AreOpen)
        {
            BeginGap("not all channels are open", cancellationToken);
        }

        if (_channels.AreOpen && _reads.TryBegin(Now, _isLive && _channels.CoverEverything && _queues.HasUserMessages && _lastRead is { IsComplete: true }))
        {
            _queues.BeginRead();
            _ = ReadAsync(Now, cancellationToken);
        }

        Publish();
    }

    private void Handle(MessageEvent received, CancellationToken cancellationToken)
    {
        received.Slot.HandledUntil = received.ReceivedAt;
        services.Telemetry.Received(received.Message);
        _hasChanged |= _queues.Apply(received.Message, ClockAhead, Now);
        if (_queues.HasUnknownPresences)
        {
            _reads.Request(mayRecur: true);
        }

        switch (received.Message)
        {
            case SocketClosingMessage:
                // The replacement is opened before Genesys closes this socket, so that no message is missed.
                received.Slot.IsClosing = true;
                Log.Closing(services.Logger);
                break;
            case SubscriptionEndedMessage ended:
                _channels.MarkLost(received.Slot, Now);
                BeginGap($"Genesys ended the subscription ({ended.Topic})", cancellationToken);
                break;
            case UnreadableMessage:
                BeginGap("a message could not be read", cancellationToken, mayRecur: true);
                break;
            case QueueActivityMessage { Page.Invalid.Count: > 0 } or QueueUsersMessage { Page.Invalid.Count: > 0 }:
                // Until the state has been read again, the figures that could not be read are reported as unreadable.
                _reads.Request(mayRecur: true);
                break;
        }
    }

    private void Handle(OpenedEvent opened, ChannelConnection connection)
    {
        // The old connection ends before the new one starts: messages of two sockets have no common order, so an old value could replace a newer one.
        _channels.Dispose(opened.Slot.ReplaceConnection(connection, Now));
        connection.Start(
            message => Post(new MessageEvent(opened.Slot, connection, message, Now)), reason => Post(new LostEvent(opened.Slot, connection, reason)));
        _channels.RecordOpened(opened, Now);
        _reads.Request();
    }

    /// <param name="mayRecur">Whether the reason may recur with every message. The state is then read no more often than by polling.</param>
    private void BeginGap(string reason, CancellationToken cancellationToken, bool mayRecur = false)
    {
        if (_isLive)
        {
            // Polls the state at once. Otherwise, readers would wait until the last state is too old or all channels are open.
            _ = services.State.GetAsync(Duration.Zero, RequestOrigin.Service, cancellationToken).ObserveFault();
        }

        if (_gapReason is null && _lastRead is not null)
        {
            Log.Gap(services.Logger, reason);
            services.Telemetry.Gap();
            _gapReason = reason;
        }

        _isLive = false;
        _reads.Request(mayRecur);
    }

    private async Task ReadAsync(Instant startedAt, CancellationToken cancellationToken)
    {
        try
        {
            // Never accepts the state of another replica, which could come from notifications or be older than the channels.
            Post(new ReadEvent(await services.Reader.ReadAsync(_ => false, RequestOrigin.Service, cancellationToken), startedAt, null));
        }
        catch (Exception failure)
        {
            Post(new ReadEvent(null, startedAt, failure is GenesysException ? failure.Message : failure.GetType().Name));
        }
    }

    private void Complete(ReadEvent read)
    {
        // If a channel was lost during the query, the result might lack changes that messages of this channel would have reported.
        var snapshot = _channels.AreOpenSince(read.StartedAt) ? read.Snapshot : null;
        _reads.Complete(Now, snapshot is not null);
        if (snapshot is null)
        {
            _queues.AbandonRead();
            Log.NotRead(services.Logger, read.Failure ?? "a channel was lost during the query");
            return;
        }

        _queues.CompleteRead(snapshot, ClockAhead, Now);
        _channels.SetActive(snapshot.ActiveQueues);
        _repairedUntil = _gapReason is null ? _repairedUntil : Now + RepairedLabelDuration;
        if (!_isLive)
        {
            Log.Live(services.Logger, _channels.Count, _channels.Topics);
        }

        (_lastRead, _gapReason, _isLive, _hasChanged) = (snapshot, null, true, true);
    }

    /// <summary>Publishes the state if a figure has changed, or only its AsOf, because readers show the age of the state.</summary>
    private void Publish()
    {
        if (!_isLive || _isPublishPaused || _lastRead is not { } read)
        {
            return;
        }

        var asOf = Instant.Max(read.AsOf, _channels.HandledUntil);
        if (!_hasChanged && _publishedAsOf == asOf)
        {
            return;
        }

        var (queues, users, dropped) = _queues.ToSnapshot();
        var published = services.State.Publish(
            read with { AsOf = asOf, Queues = queues, Users = users, Dropped = [.. read.Dropped, .. dropped], Source = LiveSource.Notifications, IsRepaired = Now < _repairedUntil });
        (_hasChanged, _isPublishPaused, _publishedAsOf) = (false, true, asOf);
        _ = sharing.SendAsync(published).ObserveFault();
        _ = Task.Delay(PublishInterval, services.Clock).ContinueWith(_ => Post(FeedEvent.Publish), TaskScheduler.Default);
    }

    private void Post(FeedEvent feedEvent) => _events.Writer.TryWrite(feedEvent);

    private static partial class Log
    {
        [LoggerMessage(9200, LogLevel.Information, "The state of the queues now comes from notifications: {Channels} channels with {Topics} topics")]
        public static partial void Live(ILogger logger, int channels, int topics);

        [LoggerMessage(9201, LogLevel.Warning, "Notifications no longer maintain the state of the queues: {Reason}. The service polls until it has read the whole state again")]
        public static partial void Gap(ILogger logger, string reason);

        [LoggerMessage(9202, LogLevel.Information, "Genesys will close the socket of a notification channel; the service opens a replacement first")]
        public static partial void Closing(ILogger logger);

        [LoggerMessage(9208, LogLevel.Debug, "The state of the queues could not be read to initialize or verify the notifications: {Reason}")]
        public static partial void NotRead(ILogger logger, string reason);
    }
}
