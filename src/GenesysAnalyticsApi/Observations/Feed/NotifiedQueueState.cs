using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Notifications;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.RealTime;
using GenesysAnalyticsApi.Observations.State;

namespace GenesysAnalyticsApi.Observations.Feed;

/// <summary>
/// The state of all queues, kept up to date by messages. A message replaces the figures that it contains; figures of different messages are never added up.
/// Messages that arrive while a query reads the state are also applied to the result of the query: such a message can be newer than the result, and is never
/// older than the start of the query.
/// </summary>
internal sealed class NotifiedQueueState(PresenceMap presences)
{
    private readonly Dictionary<string, ImmutableArray<QueueActivity>> _activities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, QueueUsers> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ImmutableArray<DroppedEntry>> _dropped = new(StringComparer.Ordinal);
    private readonly HashSet<DroppedEntry> _droppedUsers = [];
    private List<NotificationMessage>? _sinceRead;

    /// <summary>Whether a message has contained figures about users. Until then, queries must read these figures.</summary>
    public bool HasUserMessages { get; private set; }

    /// <summary>Whether a message since the last query contained a presence with an unknown system presence. The next query can provide the mapping.</summary>
    public bool HasUnknownPresences { get; private set; }

    /// <summary>Starts to collect messages for <see cref="CompleteRead"/>. Must be called before the query is sent.</summary>
    public void BeginRead() => _sinceRead = [];

    /// <summary>Adopts the result of the query, and then applies the messages that arrived since <see cref="BeginRead"/>.</summary>
    /// <param name="clockAhead">How far this machine's clock is ahead of Genesys' clock.</param>
    public void CompleteRead(LiveSnapshot read, Duration clockAhead, Instant now)
    {
        _activities.Clear();
        _users.Clear();
        _dropped.Clear();
        _droppedUsers.Clear();
        HasUnknownPresences = false;
        foreach (var queue in read.Queues.GroupBy(queue => GenesysId.Canonical(queue.QueueId), StringComparer.Ordinal))
        {
            _activities[queue.Key] = [.. queue];
        }

        foreach (var users in read.Users)
        {
            _users[GenesysId.Canonical(users.QueueId)] = users;
        }

        var messages = _sinceRead ?? [];
        _sinceRead = null;
        messages.ForEach(message => Apply(message, clockAhead, now));
    }

    /// <summary>Records that the query failed. The state stays as it is.</summary>
    public void AbandonRead() => _sinceRead = null;

    /// <summary>Applies a message to the state.</summary>
    /// <returns>Whether the message contains figures, or entries that could not be read.</returns>
    public bool Apply(NotificationMessage message, Duration clockAhead, Instant now)
    {
        switch (message)
        {
            case QueueActivityMessage activity:
                var folded = Fold(activity.Page, clockAhead, now);
                _activities[GenesysId.Canonical(activity.QueueId)] = folded.Queues;
                _dropped[GenesysId.Canonical(activity.QueueId)] = folded.Dropped;
                break;
            case QueueUsersMessage { Page: { Figures.Count: > 0 } or { Invalid.Count: > 0 } } users:
                HasUserMessages |= users.Page.Figures.Count > 0;
                var foldedUsers = Fold(users.Page, clockAhead, now);
                foreach (var queue in foldedUsers.Users)
                {
                    _users[queue.QueueId] = Merged(_users.GetValueOrDefault(queue.QueueId), queue, [.. users.Page.Figures.Keys.Select(key => key.Metric)]);
                }

                // A later message might not contain the figure, so the entry stays until the state has been read again.
                _droppedUsers.UnionWith(foldedUsers.Dropped);
                break;
            default:
                return false;
        }

        _sinceRead?.Add(message);
        return true;
    }

    /// <summary>Returns the state, with the message entries that could not be read: the figures of these entries are unknown, not zero.</summary>
    public (ImmutableArray<QueueActivity> Queues, ImmutableArray<QueueUsers> Users, ImmutableArray<DroppedEntry> Dropped) ToSnapshot() =>
        ([.. _activities.Values.SelectMany(queue => queue)], [.. _users.Values], [.. _dropped.Values.SelectMany(entries => entries), .. _droppedUsers]);

    private LiveSnapshot Fold(ActivityPage page, Duration clockAhead, Instant now)
    {
        var figures = new ActivityFigures();
        figures.Add(page);
        return LiveFold.Of([figures.ToReply(now, 0, presences, clockAhead, now)], now);
    }

    /// <summary>Merges the figures of a message with the known figures. A metric that the message does not contain keeps its value.</summary>
    private QueueUsers Merged(QueueUsers? known, QueueUsers newer, HashSet<string> metrics)
    {
        HasUnknownPresences |= newer.ByPresence.ContainsKey(PresenceMap.Unknown);
        return known is null ? newer : new QueueUsers(
            newer.QueueId,
            newer.OnQueue ?? known.OnQueue,
            newer.Active ?? known.Active,
            newer.Members ?? known.Members,
            newer.OffQueue ?? known.OffQueue,
            metrics.Contains(ActivityMetrics.UserPresences) ? newer.ByPresence : known.ByPresence,
            metrics.Contains(ActivityMetrics.UserRoutingStatuses) ? newer.ByRoutingStatus : known.ByRoutingStatus);
    }
}
