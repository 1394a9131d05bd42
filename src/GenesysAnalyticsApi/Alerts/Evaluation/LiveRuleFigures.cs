using GenesysAnalyticsApi.Alerts.Rules;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Observations.State;

namespace GenesysAnalyticsApi.Alerts.Evaluation;

/// <summary>Reads the figures of rules from one live state. Pure.</summary>
internal sealed class LiveRuleFigures
{
    private readonly LiveSnapshot _snapshot;
    private readonly ILookup<string, QueueActivity> _activity;
    private readonly Dictionary<string, QueueUsers> _users;

    public LiveRuleFigures(LiveSnapshot snapshot)
    {
        _snapshot = snapshot;
        _activity = snapshot.Queues.ToLookup(queue => GenesysId.Canonical(queue.QueueId), StringComparer.OrdinalIgnoreCase);
        _users = snapshot.Users.GroupBy(users => GenesysId.Canonical(users.QueueId), StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase);
    }

    public RuleReading Read(AlertRule rule, IEnumerable<string> queueIds)
    {
        var part = AlertableFigures.OfUsers.Contains(rule.Figure) ? LivePart.Users : LivePart.Conversations;
        var missing = _snapshot.Missing.Where(entry => entry.Part == part).ToList();
        var reasonForAll = missing.Find(entry => entry.QueueIds.IsEmpty)?.Reason;
        var reasonByQueue = missing.SelectMany(entry => entry.QueueIds.Select(id => (Id: GenesysId.Canonical(id), entry.Reason)))
            .GroupBy(entry => entry.Id, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First().Reason, StringComparer.OrdinalIgnoreCase);
        return new RuleReading(_snapshot.AsOf, Fault: null, [.. queueIds.Select(ReadQueue)]);

        QueueReading ReadQueue(string queueId)
        {
            var id = GenesysId.Canonical(queueId);
            if ((reasonForAll ?? reasonByQueue.GetValueOrDefault(id)) is { } reason)
            {
                return new QueueReading(queueId, null, reason);
            }

            if (part == LivePart.Users)
            {
                var users = OfUsers(rule.Figure, _users.GetValueOrDefault(id));
                return new QueueReading(queueId, users, users is null ? "Genesys did not send the figure of this queue." : null);
            }

            var activities = _activity[id].Where(queue => rule.MediaType is null || queue.MediaType.Equals(rule.MediaType, StringComparison.OrdinalIgnoreCase)).ToList();
            return WhyUnreadable(rule, id, activities) is { } unreadable ? new QueueReading(queueId, null, unreadable) : new QueueReading(queueId, OfConversations(rule, activities), null);
        }
    }

    /// <summary>Why the figure is unknown: it could not be read, or a dropped entry might have contained it. Null if the figure is known.</summary>
    private string? WhyUnreadable(AlertRule rule, string id, List<QueueActivity> activities) =>
        activities.Exists(queue => queue.Unreadable.HasFlag(FlagOf(rule.Figure))) ? "Genesys sent the figure of this queue in a form that could not be read."
        : _snapshot.Dropped.Any(dropped => dropped.QueueId is { } queueId
            ? dropped.IsOfAnyMediaType && (rule.MediaType is null || activities.Count == 0) && GenesysId.Canonical(queueId).Equals(id, StringComparison.OrdinalIgnoreCase)
            : activities.Count == 0)
            ? "An entry of Genesys' reply could not be read and may belong to this queue."
        : null;

    private static LiveFigures FlagOf(string figure) => figure switch
    {
        "waiting" => LiveFigures.Waiting,
        "interacting" => LiveFigures.Interacting,
        "alerting" => LiveFigures.Alerting,
        "longestWaitMs" => LiveFigures.LongestWait,
        _ => LiveFigures.LongestInteraction,
    };

    /// <summary>The figure of a queue. If a complete state does not mention the queue, the figure is 0, because the queue has no conversations.</summary>
    private double OfConversations(AlertRule rule, List<QueueActivity> activities) => rule.Figure switch
    {
        "waiting" => activities.Sum(queue => (double)queue.Waiting),
        "interacting" => activities.Sum(queue => (double)queue.Interacting),
        "alerting" => activities.Sum(queue => (double)queue.Alerting),
        "longestWaitMs" => Longest(activities, queue => queue.LongestWaitingSince),
        _ => Longest(activities, queue => queue.LongestInteractingSince),
    };

    /// <summary>The longest duration in whole milliseconds. It ends at the time of the state, because later events are unknown.</summary>
    private double Longest(IEnumerable<QueueActivity> activities, Func<QueueActivity, Instant?> since) =>
        activities.Select(since).Max(start => start is { } instant && instant < _snapshot.AsOf ? Math.Floor((_snapshot.AsOf - instant).TotalMilliseconds) : 0d as double?) ?? 0;

    private static double? OfUsers(string figure, QueueUsers? users) => figure switch
    {
        "onQueueUsers" => users?.OnQueue,
        "activeUsers" => users?.Active,
        "memberUsers" => users?.Members,
        _ => users?.OffQueue,
    };
}
