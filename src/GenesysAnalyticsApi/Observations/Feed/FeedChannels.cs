using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Notifications;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Observations.Feed;

/// <summary>The channels of the feed: their topics, their connections, and when to open a connection. Only the loop of the feed calls this class.</summary>
internal sealed partial class FeedChannels(FeedDependencies services)
{
    /// <summary>How often the feed looks for new queues in the directory, to assign topics to them. The directory itself is read less often.</summary>
    private static readonly Duration QueuesInterval = Duration.FromMinutes(1);

    private static readonly Duration QueuesRetry = Duration.FromSeconds(5);

    /// <summary>The pause after Genesys has rejected every topic. The pause is long, because only an operator can remove the cause.</summary>
    private static readonly Duration RefusedPause = Duration.FromMinutes(10);

    private readonly List<Task> _running = [];
    private HashSet<string> _planned = new(StringComparer.OrdinalIgnoreCase);
    private HashSet<string> _unlisted = new(StringComparer.OrdinalIgnoreCase);
    private ImmutableArray<ChannelSlot> _slots = [];
    private int _learnedTopics = NotificationWire.MaxTopics;
    private bool _isReadingQueues, _isFailing, _hasTooManyTopics;
    private Instant _queuesAt = Instant.MinValue;
    private Instant _refusedUntil = Instant.MinValue;
    private Instant _lostAt = Instant.MinValue;

    public int Count => _slots.Length;

    public int Topics => _slots.Sum(slot => slot.Topics.Length);

    /// <summary>Whether there are channels and all of them have an open connection.</summary>
    public bool AreOpen => _slots is not [] && _slots.All(slot => slot.Connection is not null);

    /// <summary>Whether messages arrive for every topic. If not, queries must read the state as often as polling would.</summary>
    public bool CoverEverything => _slots.All(slot =>
        slot.Connection is { Subscription.Rejected.IsEmpty: true } connection && slot.Topics.SequenceEqual(connection.Topics, StringComparer.Ordinal));

    /// <summary>When the newest message arrived on the channel that has been silent the longest. All earlier messages have been handled.</summary>
    public Instant HandledUntil => _slots.Min(slot => slot.HandledUntil);

    public bool Has(ChannelSlot slot) => _slots.Contains(slot);

    /// <summary>Whether all channels are open, and no channel has been lost since that time.</summary>
    public bool AreOpenSince(Instant since) => AreOpen && _lostAt < since;

    /// <summary>Starts to open the connections that are due, and to read the queues if that is due. Each result is posted as an event.</summary>
    public void OpenDue(Instant now, Action<FeedEvent> post, CancellationToken cancellationToken)
    {
        _running.RemoveAll(task => task.IsCompleted);
        if (!_isReadingQueues && now >= _queuesAt)
        {
            _isReadingQueues = true;
            _running.Add(ReadQueuesAsync(post, cancellationToken));
        }

        foreach (var slot in _slots.Where(slot => now >= _refusedUntil && slot.IsDue(now)))
        {
            slot.IsOpening = true;
            _running.Add(OpenAsync(slot, slot.Topics, post, cancellationToken));
        }
    }

    /// <summary>Assigns the topics of the queues to channels. A channel with unchanged topics keeps its connection.</summary>
    /// <param name="queueIds">Null if the queues could not be read; the topics then stay as they are.</param>
    public void Plan(IReadOnlyCollection<string>? queueIds, Instant now)
    {
        _isReadingQueues = false;
        _queuesAt = now + (queueIds is null ? QueuesRetry : QueuesInterval);
        if (queueIds is not null)
        {
            _planned = new(queueIds, StringComparer.OrdinalIgnoreCase);
            Plan();
        }
    }

    /// <summary>Assigns topics to active queues that are deleted or too new to be listed, and removes these topics when the queues become inactive.</summary>
    /// <param name="active">The queues that have conversations.</param>
    public void SetActive(IEnumerable<string> active)
    {
        var unlisted = active.Where(id => !_planned.Contains(id)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!unlisted.SetEquals(_unlisted))
        {
            _unlisted = unlisted;
            Plan();
        }
    }

    public void RecordOpened(OpenedEvent opened, Instant now)
    {
        var subscription = opened.Connection!.Subscription;
        if (_isFailing && AreOpen)
        {
            _isFailing = false;
            Log.Recovered(services.Logger);
        }

        if (subscription.Rejected.Count > 0)
        {
            Log.Rejected(services.Logger, subscription.Rejected.Count, opened.Connection.Topics.Length, subscription.Reason ?? "");
        }

        if (_slots.All(slot => slot.Connection is { } connection && connection.Subscription.Rejected.Count == connection.Topics.Length))
        {
            _refusedUntil = now + RefusedPause;
            Close(now);
        }
    }

    public void RecordFailure(OpenedEvent opened, Instant now)
    {
        opened.Slot.Fail(now);
        if (opened.Failure is GenesysException { Failure: { Kind: GenesysFailureKind.Rejected, Status: 400 } rejection } && opened.Slot.Topics.Length > 1)
        {
            // The channel probably has too many topics. The next attempt uses the limit that Genesys' message names or, without one, half as many topics.
            _learnedTopics = Math.Min(_learnedTopics, TopicPlan.MaxTopicsOf(rejection.UpstreamMessage, opened.Slot.Topics.Length) ?? opened.Slot.Topics.Length / 2);
            Log.FewerTopics(services.Logger, _learnedTopics);
            Close(now);
            _queuesAt = Instant.Min(_queuesAt, now + QueuesRetry);
        }
        else if (!_isFailing)
        {
            _isFailing = true;
            Log.NotOpened(services.Logger, opened.Failure is GenesysException or WebSocketException ? opened.Failure.Message : opened.Failure?.GetType().Name ?? "");
        }
    }

    /// <summary>Records that the connection of a slot has ended.</summary>
    public void MarkLost(ChannelSlot slot, Instant now)
    {
        var connection = slot.Connection;
        slot.MarkLost(now);
        _lostAt = now;
        Dispose(connection);
    }

    /// <summary>Ends a connection that is no longer used, in the background.</summary>
    public void Dispose(ChannelConnection? connection)
    {
        if (connection is not null)
        {
            _running.Add(connection.DisposeAsync().AsTask());
        }
    }

    /// <summary>Ends all connections. The caller must already have canceled the attempts to open further connections.</summary>
    public async Task EndAsync()
    {
        Close(_lostAt);
        await Task.WhenAll(_running);
    }

    private void Close(Instant now)
    {
        foreach (var slot in _slots)
        {
            Dispose(slot.Connection);
        }

        (_slots, _lostAt) = ([], now);
    }

    private void Plan()
    {
        var queueIds = _planned.Union(_unlisted, StringComparer.OrdinalIgnoreCase).ToList();

        // The lowest of three limits: the setting, the limit that Genesys reports, and the limit learned from a rejection.
        var maxTopics = services.Ceilings.TopicsPerChannel(Math.Min(services.Options.Value.TopicsPerChannel, _learnedTopics));
        var maxChannels = services.Ceilings.Channels(NotificationWire.MaxChannels);
        var wanted = TopicPlan.TopicsOf(queueIds, maxTopics, maxChannels);
        if (wanted is null != _hasTooManyTopics)
        {
            _hasTooManyTopics = wanted is null;
            if (_hasTooManyTopics)
            {
                Log.TooMany(services.Logger, queueIds.Count, maxChannels, maxTopics);
            }
        }

        var planned = TopicPlan.Assign([.. _slots.Select(slot => slot.Topics)], wanted ?? [], maxTopics);
        foreach (var (slot, topics) in _slots.Zip(planned))
        {
            slot.Assign(topics);
        }

        foreach (var slot in _slots.Where(slot => slot.Topics.IsEmpty))
        {
            Dispose(slot.Connection);
        }

        _slots = [.. _slots.Where(slot => !slot.Topics.IsEmpty), .. planned.Skip(_slots.Length).Select(topics => new ChannelSlot(topics))];
    }

    private async Task ReadQueuesAsync(Action<FeedEvent> post, CancellationToken cancellationToken)
    {
        try
        {
            var directory = await services.Directory.GetAsync(cancellationToken);
            var listed = directory.Queues.Where(queue => queue.Listed).Select(queue => queue.Id);

            // The state is needed even before the first channel is opened, so that active queues that are not listed have topics from the beginning.
            var state = services.State.Latest ?? await services.State.GetAsync(ReadSchedule.PollInterval, RequestOrigin.Service, cancellationToken);
            post(new QueuesEvent([.. listed.Union(state.ActiveQueues, StringComparer.OrdinalIgnoreCase)]));
        }
        catch (Exception failure)
        {
            // Whatever the reason, the queues are read again after a pause.
            Log.QueuesNotRead(services.Logger, failure is GenesysException ? failure.Message : failure.GetType().Name);
            post(new QueuesEvent(null));
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The slot that the event names owns the connection.")]
    private async Task OpenAsync(ChannelSlot slot, ImmutableArray<string> topics, Action<FeedEvent> post, CancellationToken cancellationToken)
    {
        try
        {
            post(new OpenedEvent(slot, await ChannelConnection.OpenAsync(services.Channels, services.Sockets, topics, services.Clock, cancellationToken), null));
        }
        catch (Exception failure)
        {
            // Whatever the reason, another attempt follows after a pause. Until then, the state is polled.
            post(new OpenedEvent(slot, null, failure));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(9203, LogLevel.Warning, "A notification channel could not be opened, so the state of the queues is polled: {Reason}")]
        public static partial void NotOpened(ILogger logger, string reason);

        [LoggerMessage(9204, LogLevel.Information, "All notification channels are open again")]
        public static partial void Recovered(ILogger logger);

        [LoggerMessage(9205, LogLevel.Warning, "Genesys rejected {Rejected} of {Topics} topics of a notification channel: {Reason}. The figures of these topics are polled")]
        public static partial void Rejected(ILogger logger, int rejected, int topics, string reason);

        [LoggerMessage(9206, LogLevel.Warning, "Genesys accepts fewer topics per notification channel than the service requested. The service requests {MaxTopics} from now on")]
        public static partial void FewerTopics(ILogger logger, int maxTopics);

        [LoggerMessage(9212, LogLevel.Debug, "The queues for the notifications could not be read; they will be read again: {Reason}")]
        public static partial void QueuesNotRead(ILogger logger, string reason);

        [LoggerMessage(9207, LogLevel.Warning, "The {Queues} queues need more topics than fit on {Channels} notification channels (one of them kept free) with {MaxTopics} topics each, so their state is polled")]
        public static partial void TooMany(ILogger logger, int queues, int channels, int maxTopics);
    }
}
