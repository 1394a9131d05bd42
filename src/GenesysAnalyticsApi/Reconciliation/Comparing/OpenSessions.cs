using System.Collections.Immutable;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Reconciliation.Comparing;

/// <summary>The sessions of open conversations in one cell.</summary>
/// <param name="SumOfStartsMs">The sum of the start times of the conversations of these sessions, in Unix milliseconds.</param>
/// <param name="Earliest">The earliest of these start times.</param>
internal readonly record struct OpenSessions(int Count, Int128 SumOfStartsMs, Instant Earliest)
{
    public static OpenSessions None { get; } = new(0, 0, Instant.MaxValue);

    public OpenSessions With(OpenSessions others) => new(Count + others.Count, SumOfStartsMs + others.SumOfStartsMs, Instant.Min(Earliest, others.Earliest));

    /// <summary>The total duration of the conversations up to a time, in milliseconds.</summary>
    public double MsUntil(Instant until) => Math.Max(0, (double)(((Int128)until.ToUnixTimeMilliseconds() * Count) - SumOfStartsMs));

    /// <summary>The longest duration of one of the conversations up to a time, in milliseconds.</summary>
    public double LongestMsUntil(Instant until) => Count == 0 ? 0 : Math.Max(0, (until - Earliest).TotalMilliseconds);
}

/// <summary>Counts the sessions of open conversations. Memory use grows with the number of cells, not with the number of sessions.</summary>
internal sealed class OpenSessionTally(ImmutableArray<Instant> edges)
{
    // A session that has ended is counted in each cell from its start to its end. A running session belongs to every cell after its start, so it is stored only
    // under the first of these cells.
    private readonly Dictionary<CellKey, OpenSessions> _ended = [];
    private readonly Dictionary<CellKey, SortedDictionary<int, OpenSessions>> _running = [];

    /// <param name="start">When the session entered the queue.</param>
    /// <param name="end">When the session left the queue; null if it is still running.</param>
    public void Add(string queueId, string mediaType, Instant conversationStart, Instant start, Instant? end)
    {
        var session = new OpenSessions(1, conversationStart.ToUnixTimeMilliseconds(), conversationStart);
        var first = Math.Max(0, FactsMerger.BucketAt(edges, start));
        if (end is null)
        {
            var series = SeriesKey(queueId, mediaType);
            if (!_running.TryGetValue(series, out var sessions))
            {
                _running[series] = sessions = [];
            }

            sessions[first] = sessions.GetValueOrDefault(first, OpenSessions.None).With(session);
            return;
        }

        var last = Math.Min(FactsMerger.BucketAt(edges, end.Value), edges.Length - 2);
        for (var bucket = first; bucket <= last; bucket++)
        {
            var key = new CellKey(queueId, mediaType, bucket);
            _ended[key] = _ended.GetValueOrDefault(key, OpenSessions.None).With(session);
        }
    }

    public OpenSessions In(CellKey cell)
    {
        var sessions = _ended.GetValueOrDefault(cell, OpenSessions.None);
        return _running.TryGetValue(SeriesKey(cell.QueueId, cell.MediaType), out var running)
            ? running.TakeWhile(entry => entry.Key <= cell.Bucket).Aggregate(sessions, (sum, entry) => sum.With(entry.Value))
            : sessions;
    }

    private static CellKey SeriesKey(string queueId, string mediaType) => new(queueId, mediaType, Bucket: 0);
}
