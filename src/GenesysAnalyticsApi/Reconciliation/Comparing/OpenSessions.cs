using System.Collections.Immutable;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Reconciliation.Comparing;

/// <summary>The sessions of open conversations in one cell.</summary>
/// <param name="SumOfStartsMs">The sum of the starts of their conversations, in milliseconds of the Unix epoch.</param>
/// <param name="Earliest">The earliest of these starts.</param>
internal readonly record struct OpenSessions(int Count, Int128 SumOfStartsMs, Instant Earliest)
{
    public static OpenSessions None { get; } = new(0, 0, Instant.MaxValue);

    public OpenSessions With(OpenSessions others) => new(Count + others.Count, SumOfStartsMs + others.SumOfStartsMs, Instant.Min(Earliest, others.Earliest));

    /// <summary>The total duration of the conversations up to this time.</summary>
    public double MsUntil(Instant until) => Math.Max(0, (double)(((Int128)until.ToUnixTimeMilliseconds() * Count) - SumOfStartsMs));

    /// <summary>The longest of these times.</summary>
    public double LongestMsUntil(Instant until) => Count == 0 ? 0 : Math.Max(0, (until - Earliest).TotalMilliseconds);
}

/// <summary>Counts the sessions of open conversations. Memory grows with the cells, not with the sessions.</summary>
internal sealed class OpenSessionTally(ImmutableArray<Instant> edges)
{
    // A session that has ended is in the cells up to its end. One that is still running is in all cells from its start on, so only the first of them keeps it.
    private readonly Dictionary<CellKey, OpenSessions> _ended = [];
    private readonly Dictionary<CellKey, SortedDictionary<int, OpenSessions>> _running = [];

    /// <param name="ended">Null if the session is still running.</param>
    public void Add(string queueId, string mediaType, Instant conversationStart, Instant started, Instant? ended)
    {
        var session = new OpenSessions(1, conversationStart.ToUnixTimeMilliseconds(), conversationStart);
        var first = Math.Max(0, FactsMerger.BucketAt(edges, started));
        if (ended is null)
        {
            var all = AllBuckets(queueId, mediaType);
            if (!_running.TryGetValue(all, out var sessions))
            {
                _running[all] = sessions = [];
            }

            sessions[first] = sessions.GetValueOrDefault(first, OpenSessions.None).With(session);
            return;
        }

        var last = Math.Min(FactsMerger.BucketAt(edges, ended.Value), edges.Length - 2);
        for (var bucket = first; bucket <= last; bucket++)
        {
            var key = new CellKey(queueId, mediaType, bucket);
            _ended[key] = _ended.GetValueOrDefault(key, OpenSessions.None).With(session);
        }
    }

    public OpenSessions In(CellKey cell)
    {
        var sessions = _ended.GetValueOrDefault(cell, OpenSessions.None);
        return _running.TryGetValue(AllBuckets(cell.QueueId, cell.MediaType), out var running)
            ? running.TakeWhile(begun => begun.Key <= cell.Bucket).Aggregate(sessions, (sum, begun) => sum.With(begun.Value))
            : sessions;
    }

    private static CellKey AllBuckets(string queueId, string mediaType) => new(queueId, mediaType, Bucket: 0);
}
