using System.Collections.Immutable;
using GenesysAnalyticsApi.Observations.Request;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Observations.Response;

/// <summary>Computes the records that a query selects from a state, for responses and for streams. Pure.</summary>
internal static class ObservationRecordBuilder
{
    /// <param name="now">The time of the response. Durations end at this instant.</param>
    /// <returns>
    /// The records, sorted by queue name, queue id and media type. The record with the figures about a queue's users precedes the records of the queue's media
    /// types.
    /// </returns>
    public static ImmutableArray<ObservationRecord> Of(LiveSnapshot state, ObservationsQuery query, ObservedQueues queues, Instant now)
    {
        var missing = new MissingQueues(state);
        var conversations = ConversationsOf(state, query, queues, missing);
        if (!query.ByQueue)
        {
            return query.ByMediaType
                ? [.. conversations.GroupBy(pair => pair.MediaType, StringComparer.Ordinal).OrderBy(media => media.Key, StringComparer.Ordinal).Select(media => Sum(media, now) with { MediaType = media.Key })]
                : [missing.AllConversations || (conversations.Count == 0 && queues.NoneListed) ? new ObservationRecord() : Sum(conversations, now)];
        }

        var users = UsersOf(state, queues, missing);
        var byQueue = conversations.ToLookup(pair => pair.QueueId, StringComparer.OrdinalIgnoreCase);
        return
        [
            .. byQueue.Select(queue => queue.Key).Concat(users.Keys).Distinct(StringComparer.OrdinalIgnoreCase)
                .Select(id => (Id: id, Queue: queues.Find(id)))
                .OrderBy(queue => queue.Queue is null).ThenBy(queue => queue.Queue?.Name, StringComparer.OrdinalIgnoreCase).ThenBy(queue => queue.Id, StringComparer.Ordinal)
                .SelectMany(queue => RecordsOfQueue(queue.Id, queue.Queue, users.GetValueOrDefault(queue.Id), [.. byQueue[queue.Id]], query, now)),
        ];
    }

    private static IEnumerable<ObservationRecord> RecordsOfQueue(
        string id, QueueEntry? queue, QueueUsers? users, ImmutableArray<QueueActivity> conversations, ObservationsQuery query, Instant now)
    {
        var labels = new ObservationRecord { QueueId = id, QueueName = queue?.Name, DivisionId = queue?.DivisionId, DivisionName = queue?.DivisionName };
        if (!query.ByMediaType)
        {
            yield return WithUsers(conversations.IsEmpty ? labels : WithLabels(Sum(conversations, now), labels), users);
            yield break;
        }

        if (users is not null)
        {
            yield return WithUsers(labels, users);
        }

        foreach (var pair in conversations.OrderBy(pair => pair.MediaType, StringComparer.Ordinal))
        {
            yield return WithLabels(Sum([pair], now), labels) with { MediaType = pair.MediaType };
        }
    }

    /// <summary>
    /// The pairs of queue and media type that the query selects. Genesys can omit pairs without conversations. For a queue in the queue listing, this method
    /// adds such a pair with zeros, unless an entry of the reply that was dropped as unreadable could have contained its figures.
    /// </summary>
    private static List<QueueActivity> ConversationsOf(LiveSnapshot state, ObservationsQuery query, ObservedQueues queues, MissingQueues missing)
    {
        var pairs = state.Queues
            .Where(pair => queues.Includes(pair.QueueId) && !missing.LacksConversations(pair.QueueId) && (query.MediaTypes.IsEmpty || query.MediaTypes.Contains(pair.MediaType)))
            .ToList();
        if (!missing.CanAssumeZeros)
        {
            return pairs;
        }

        var known = pairs.Select(pair => (pair.QueueId.ToUpperInvariant(), pair.MediaType)).ToHashSet();
        var mentioned = pairs.Select(pair => pair.QueueId).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var queue in queues.Listed.Where(queue => !missing.LacksConversations(queue.Id) && !missing.HidesMediaTypes(queue.Id)))
        {
            foreach (var mediaType in MediaTypesOf(queue, query, isMentioned: mentioned.Contains(queue.Id)).Where(mediaType => known.Add((queue.Id.ToUpperInvariant(), mediaType))))
            {
                pairs.Add(new QueueActivity(queue.Id, mediaType, 0, 0, 0, null, null));
            }
        }

        return pairs;
    }

    /// <summary>
    /// Returns the selected media types that are set up for the queue. If none are set up and the state does not mention the queue, returns all selected media
    /// types (voice if the query selects none), so that the queue still has a record.
    /// </summary>
    private static IEnumerable<string> MediaTypesOf(QueueEntry queue, ObservationsQuery query, bool isMentioned)
    {
        var own = queue.ServiceLevels.Keys.Select(mediaType => mediaType.ToLowerInvariant()).Where(mediaType => query.MediaTypes.IsEmpty || query.MediaTypes.Contains(mediaType)).ToList();
        return own.Count > 0 || isMentioned ? own : query.MediaTypes.IsEmpty ? ["voice"] : query.MediaTypes;
    }

    private static Dictionary<string, QueueUsers> UsersOf(LiveSnapshot state, ObservedQueues queues, MissingQueues missing)
    {
        var users = new Dictionary<string, QueueUsers>(StringComparer.OrdinalIgnoreCase);
        foreach (var queue in state.Users.Where(queue => queues.Includes(queue.QueueId) && !missing.LacksUsers(queue.QueueId)))
        {
            users[queue.QueueId] = queue;
        }

        if (missing.CanAssumeZeros)
        {
            foreach (var queue in queues.Listed.Where(queue => !missing.LacksUsers(queue.Id)))
            {
                users.TryAdd(queue.Id, new QueueUsers(queue.Id, 0, 0, 0, 0, NoUsers, NoUsers));
            }
        }

        return users;
    }

    private static ImmutableSortedDictionary<string, int> NoUsers { get; } = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>Adds up the figures of the pairs. If a figure is unreadable in one of the pairs, the record lacks this figure.</summary>
    private static ObservationRecord Sum(IEnumerable<QueueActivity> pairs, Instant now)
    {
        var all = pairs.ToList();
        var unreadable = all.Aggregate(LiveFigures.None, (figures, pair) => figures | pair.Unreadable);
        return new ObservationRecord
        {
            Waiting = Count(LiveFigures.Waiting, pair => pair.Waiting),
            Interacting = Count(LiveFigures.Interacting, pair => pair.Interacting),
            Alerting = Count(LiveFigures.Alerting, pair => pair.Alerting),
            LongestWaitingSince = Since(LiveFigures.LongestWait, pair => pair.LongestWaitingSince),
            LongestInteractingSince = Since(LiveFigures.LongestInteraction, pair => pair.LongestInteractingSince),
        }.At(now);

        int? Count(LiveFigures figure, Func<QueueActivity, int> count) => unreadable.HasFlag(figure) ? null : (int)Math.Min(int.MaxValue, all.Sum(pair => (long)count(pair)));

        Instant? Since(LiveFigures figure, Func<QueueActivity, Instant?> since) => unreadable.HasFlag(figure) ? null : all.Min(since);
    }

    private static ObservationRecord WithLabels(ObservationRecord figures, ObservationRecord labels) =>
        figures with { QueueId = labels.QueueId, QueueName = labels.QueueName, DivisionId = labels.DivisionId, DivisionName = labels.DivisionName };

    private static ObservationRecord WithUsers(ObservationRecord record, QueueUsers? users) => users is null ? record : record with
    {
        OnQueueUsers = users.OnQueue,
        ActiveUsers = users.Active,
        MemberUsers = users.Members,
        OffQueueUsers = users.OffQueue,
        UsersByPresence = users.ByPresence,
        UsersByRoutingStatus = users.ByRoutingStatus,
    };
}
