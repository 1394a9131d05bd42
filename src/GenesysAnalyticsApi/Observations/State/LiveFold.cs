using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.RealTime;

namespace GenesysAnalyticsApi.Observations.State;

/// <summary>Turns the figures of replies into the state of the queues.</summary>
internal static class LiveFold
{
    private static readonly ImmutableSortedDictionary<string, int> None = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <param name="replies">If several replies contain the same figure about conversations, the last reply counts; figures about users are added up.</param>
    /// <param name="startedAt">When the read started. If there are no replies, because the organization has no queues, this is the time of the state.</param>
    public static LiveSnapshot Of(IReadOnlyCollection<ActivityReply> replies, Instant startedAt)
    {
        var conversations = new QueueActivityCollector();
        var users = new SortedDictionary<string, UsersOfQueue>(StringComparer.Ordinal);
        foreach (var figure in replies.SelectMany(reply => reply.Figures))
        {
            if (figure.MediaType is { } mediaType)
            {
                conversations.Add(figure.QueueId, mediaType, figure);
            }
            else
            {
                UsersOf(users, figure.QueueId).Add(figure);
            }
        }

        var invalid = replies.SelectMany(reply => reply.Invalid).ToList();
        foreach (var entry in invalid)
        {
            // A figure that could not be read must not look like a zero.
            if (entry is { QueueId: { } queueId, MediaType: { } mediaType })
            {
                conversations.Mark(queueId, mediaType, entry.Metric);
            }
            else if (entry.QueueId is { } id && (entry.Metric is null || ActivityMetrics.IsUserMetric(entry.Metric)))
            {
                UsersOf(users, id).MarkUnreadable(entry.Metric);
            }
        }

        return new LiveSnapshot
        {
            AsOf = replies.Select(reply => reply.FetchedAt).DefaultIfEmpty(startedAt).Min(),
            Version = 0,
            Queues = conversations.All,
            Users = [.. users.Select(queue => queue.Value.Of(queue.Key))],
            Dropped = [.. invalid.Select(entry => new DroppedEntry(entry.QueueId, entry.Reason) { IsOfAnyMediaType = entry.MediaType is null && !(entry.Metric is { } metric && ActivityMetrics.IsUserMetric(metric)) })],
        };
    }

    private static UsersOfQueue UsersOf(SortedDictionary<string, UsersOfQueue> users, string queueId) =>
        users.TryGetValue(queueId, out var known) ? known : users[queueId] = new UsersOfQueue();

    /// <summary>The figures about the users of one queue. A figure can arrive in parts, one per presence or routing status; a total is their sum.</summary>
    private sealed class UsersOfQueue
    {
        private readonly Dictionary<string, SortedDictionary<string, int>> _parts = new(StringComparer.Ordinal);
        private readonly HashSet<string> _unreadable = new(StringComparer.Ordinal);

        public void Add(ActivityFigure figure)
        {
            var parts = _parts.TryGetValue(figure.Metric, out var known) ? known : _parts[figure.Metric] = new(StringComparer.Ordinal);
            var part = figure.Qualifier ?? "";
            parts[part] = (int)Math.Min(int.MaxValue, (long)parts.GetValueOrDefault(part) + figure.Count);
        }

        /// <param name="metric">Null if the entry does not name its metric. The entry can then belong to any figure that arrived in parts.</param>
        public void MarkUnreadable(string? metric)
        {
            foreach (var unreadable in metric is not null ? [metric] : _parts.Where(figure => figure.Value.Keys.Any(part => part.Length > 0)).Select(figure => figure.Key))
            {
                _unreadable.Add(unreadable);
            }
        }

        public QueueUsers Of(string queueId) => new(
            queueId,
            Total(ActivityMetrics.OnQueueUsers),
            Total(ActivityMetrics.ActiveUsers),
            Total(ActivityMetrics.MemberUsers),
            Total(ActivityMetrics.OffQueueUsers),
            By(ActivityMetrics.UserPresences),
            By(ActivityMetrics.UserRoutingStatuses));

        private int? Total(string metric) =>
            _unreadable.Contains(metric) || !_parts.TryGetValue(metric, out var parts) ? null
            : parts.TryGetValue("", out var total) ? total
            : (int)Math.Min(int.MaxValue, parts.Values.Sum(part => (long)part));

        // A part that could not be read is left out; the state reports the dropped entry.
        private ImmutableSortedDictionary<string, int> By(string metric) =>
            _parts.TryGetValue(metric, out var parts) ? None.AddRange(parts.Where(part => part.Key.Length > 0 && part.Value > 0)) : None;
    }
}
