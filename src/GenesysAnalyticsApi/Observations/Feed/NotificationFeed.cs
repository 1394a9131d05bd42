using System.Threading.Channels;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Notifications;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Observations.State;

namespace GenesysAnalyticsApi.Observations.Feed;

/// <summary>
/// Keeps the state of all queues by Genesys' notifications:
/// <code>
///   open      as many channels as the topics need; each is connected first and then subscribed
///   read      the state is read by a query; messages that arrive during the query are applied to its result
///   live      each message replaces what it is about. The state is published at most ten times a second
///   gap       a channel was lost or a message could not be read: there is no state until all channels are open and the state was read again
/// </code>
/// Genesys does not guarantee delivery, so the state is also read again every minute without a gap.
/// </summary>
internal sealed partial class NotificationFeed(FeedDependencies services, INotificationSharing sharing)
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PublishInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a state is labelled as repaired, so that no reader misses the label.</summary>
    private static readonly Duration RepairedLabel = Duration.FromSeconds(15);

    private readonly Channel<FeedEvent> _events = Channel.CreateUnbounded<FeedEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly NotifiedQueues _queues = new(services.Presences);
    private readonly FeedChannels _channels = new(services);
    private readonly ReadSchedule _reads = new();
    private LiveSnapshot? _read;
    private string? _gap;
    private bool _isLive, _hasChanged, _isPublishing;
    private Instant _repairedUntil = Instant.MinValue, _publishedAsOf;

    private Instant Now => Instant.FromDateTimeOffset(services.Clock.GetUtcNow());
    private Duration Ahead => Duration.FromTimeSpan(services.GenesysClock.Ahead ?? TimeSpan.Zero);

    /// <summary>Runs until the token is cancelled. Then all channels are closed, and there is no state.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var timer = services.Clock.CreateTimer(_ => Post(FeedEvent.Tick), null, TimeSpan.Zero, TickInterval);
        try
        {
            await foreach (var happened in _events.Reader.ReadAllAsync(cancellationToken))
            {
                Handle(happened, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service stops, or another replica holds the channels.
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

    private void Handle(FeedEvent happened, CancellationToken cancellationToken)
    {
        switch (happened)
        {
            case MessageEvent message when message.Slot.Connection == message.Connection:
                Handle(message, cancellationToken);
                break;
            case LostEvent lost when lost.Slot.Connection == lost.Connection:
                _channels.Lose(lost.Slot, Now);
                BeginGap(lost.Reason, cancellationToken);
                break;
            case OpenedEvent opened when !_channels.Has(opened.Slot):
                // The plan has changed while the connection was being opened, and nothing else would end it.
                _channels.Dispose(opened.Connection);
                break;
            case OpenedEvent { Connection: null } failed:
                _channels.Failed(failed, Now);
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
                _isPublishing = false;
                break;
        }

        if (_isLive && !_channels.AreOpen)
        {
            BeginGap("not all channels are open", cancellationToken);
        }

        if (_channels.AreOpen && _reads.TryBegin(Now, _isLive && _channels.CoverEverything && _queues.HasUserMessages && _read is { IsComplete: true }))
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
        _hasChanged |= _queues.Apply(received.Message, Ahead, Now);
        if (_queues.HasUnknownPresences)
        {
            _reads.Request(mayRecur: true);
        }

        switch (received.Message)
        {
            case SocketClosingMessage:
                // The next connection is opened first, so that nothing is missed.
                received.Slot.IsClosing = true;
                Log.Closing(services.Logger);
                break;
            case SubscriptionEndedMessage ended:
                _channels.Lose(received.Slot, Now);
                BeginGap($"Genesys ended the subscription ({ended.Topic})", cancellationToken);
                break;
            case UnreadableMessage:
                BeginGap("a message could not be read", cancellationToken, mayRecur: true);
                break;
            case QueueActivityMessage { Page.Invalid.Count: > 0 } or QueueUsersMessage { Page.Invalid.Count: > 0 }:
                // The figures are marked as unreadable until then.
                _reads.Request(mayRecur: true);
                break;
        }
    }

    private void Handle(OpenedEvent opened, ChannelConnection connection)
    {
        // Two sockets have no common order: a message from the old one may be older than what the new one has already delivered.
        _channels.Dispose(opened.Slot.Take(connection, Now));
        connection.Start(
            message => Post(new MessageEvent(opened.Slot, connection, message, Now)), reason => Post(new LostEvent(opened.Slot, connection, reason)));
        _channels.Opened(opened, Now);
        _reads.Request();
    }

    /// <param name="mayRecur">If every message is unreadable, the state is read as often as polling would read it, not for each message.</param>
    private void BeginGap(string reason, CancellationToken cancellationToken, bool mayRecur = false)
    {
        if (_isLive)
        {
            // Published immediately, so that readers need not wait until the last state is too old, or until all channels are open.
            _ = services.State.GetAsync(Duration.Zero, RequestOrigin.Service, cancellationToken).ObserveFault();
        }

        if (_gap is null && _read is not null)
        {
            Log.Gap(services.Logger, reason);
            services.Telemetry.Gap();
            _gap = reason;
        }

        _isLive = false;
        _reads.Request(mayRecur);
    }

    private async Task ReadAsync(Instant startedAt, CancellationToken cancellationToken)
    {
        try
        {
            // No known state may be used: it could be the one that notifications keep, or lack what happened before the channels were open.
            Post(new ReadEvent(await services.Reader.ReadAsync(_ => false, RequestOrigin.Service, cancellationToken), startedAt, null));
        }
        catch (Exception failure)
        {
            Post(new ReadEvent(null, startedAt, failure is GenesysException ? failure.Message : failure.GetType().Name));
        }
    }

    private void Complete(ReadEvent read)
    {
        // If a channel was lost during the query, the result may lack what its messages would have reported.
        var snapshot = _channels.AreOpenSince(read.StartedAt) ? read.Snapshot : null;
        _reads.Complete(Now, snapshot is not null);
        if (snapshot is null)
        {
            _queues.AbandonRead();
            Log.NotRead(services.Logger, read.Failure ?? "a channel was lost during the query");
            return;
        }

        _queues.CompleteRead(snapshot, Ahead, Now);
        _channels.SetActive(snapshot.ActiveQueues);
        _repairedUntil = _gap is null ? _repairedUntil : Now + RepairedLabel;
        if (!_isLive)
        {
            Log.Live(services.Logger, _channels.Count, _channels.Topics);
        }

        (_read, _gap, _isLive, _hasChanged) = (snapshot, null, true, true);
    }

    /// <summary>Published even without changes, because the age of the state is part of it.</summary>
    private void Publish()
    {
        if (!_isLive || _isPublishing || _read is not { } read)
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
        (_hasChanged, _isPublishing, _publishedAsOf) = (false, true, asOf);
        _ = sharing.SendAsync(published).ObserveFault();
        _ = Task.Delay(PublishInterval, services.Clock).ContinueWith(_ => Post(FeedEvent.Publish), TaskScheduler.Default);
    }

    private void Post(FeedEvent happened) => _events.Writer.TryWrite(happened);

    private static partial class Log
    {
        [LoggerMessage(9200, LogLevel.Information, "Notifications keep the state of the queues: {Channels} channels with {Topics} topics")]
        public static partial void Live(ILogger logger, int channels, int topics);

        [LoggerMessage(9201, LogLevel.Warning, "Notifications no longer keep the state of the queues: {Reason}. The service polls until it has read the whole state again")]
        public static partial void Gap(ILogger logger, string reason);

        [LoggerMessage(9202, LogLevel.Information, "Genesys will close the socket of a notification channel: another one is opened first")]
        public static partial void Closing(ILogger logger);

        [LoggerMessage(9208, LogLevel.Debug, "The state of the queues could not be read for the notifications: {Reason}")]
        public static partial void NotRead(ILogger logger, string reason);
    }
}
