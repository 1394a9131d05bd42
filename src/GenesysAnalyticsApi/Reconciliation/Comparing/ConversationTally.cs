using System.Collections.Frozen;
using System.Collections.Immutable;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Details;

namespace GenesysAnalyticsApi.Reconciliation.Comparing;

/// <summary>Determines which events of conversations are counted, and in which buckets.</summary>
/// <param name="Edges">The edges of the buckets, ascending. An event at an edge belongs to the later bucket.</param>
/// <param name="Includes">Whether a queue × media type is part of the query and visible to the caller.</param>
/// <param name="OldBefore">
/// Conversations that began before this time are counted as old. A cell with old conversations can lack even older conversations, which the synchronous query
/// does not find.
/// </param>
internal sealed record TallyScope(ImmutableArray<Instant> Edges, Func<string, string, bool> Includes, Instant OldBefore);

/// <summary>The events of one metric in one cell.</summary>
internal record struct MetricTally
{
    /// <summary>For a timer, the number of its events; for a counter, the sum of its values.</summary>
    public long Count { get; private set; }

    /// <summary>The sum of the values; for a timer, in milliseconds.</summary>
    public long Sum { get; private set; }

    /// <summary>The largest value; null without events.</summary>
    public long? Max { get; private set; }

    public void Add(string metric, long value)
    {
        // The names of Genesys' counters begin with n.
        Count = StatisticAccumulator.Plus(Count, metric[0] == 'n' ? value : 1);
        Sum = StatisticAccumulator.Plus(Sum, value);
        Max = Max > value ? Max : value;
    }
}

/// <summary>The events of one queue × media type × bucket.</summary>
internal sealed class TalliedCell
{
    private static readonly FrozenDictionary<string, int> Indexes = ComparedFigure.DetailsMetrics.Index().ToFrozenDictionary(metric => metric.Item, metric => metric.Index);

    private readonly MetricTally[] _tallies = new MetricTally[ComparedFigure.DetailsMetrics.Length];

    /// <summary>The number of conversations with an event in the cell.</summary>
    public int Conversations { get; set; }

    /// <summary>The number of conversations of the cell that began before <see cref="TallyScope.OldBefore"/>.</summary>
    public int OldConversations { get; set; }

    public MetricTally this[string metric] => _tallies[Indexes[metric]];

    public void Add(DetailMetric metric)
    {
        if (Indexes.TryGetValue(metric.Name, out var index))
        {
            _tallies[index].Add(metric.Name, metric.Value);
        }
    }
}

/// <summary>
/// Counts the metric events of conversations per queue × media type × bucket, as Genesys' aggregates do (<see cref="ConversationEvents"/>).
/// Memory use grows with the number of cells, not with the number of conversations.
/// </summary>
internal sealed class ConversationTally(TallyScope scope)
{
    private readonly Dictionary<CellKey, TalliedCell> _cells = [];
    private readonly OpenSessionTally _open = new(scope.Edges);

    public IReadOnlyDictionary<CellKey, TalliedCell> Cells => _cells;

    /// <summary>The number of conversations with an event in a cell.</summary>
    public int Conversations { get; private set; }

    /// <summary>Adds a conversation. Each conversation must be added only once.</summary>
    public void Add(ConversationDetail conversation)
    {
        var countedCells = new HashSet<TalliedCell>();
        foreach (var metricEvent in ConversationEvents.Of(conversation))
        {
            // As in the compared aggregates, events outside of any queue are not counted.
            if (metricEvent.QueueId is { } queueId && scope.Includes(queueId, metricEvent.MediaType) && BucketOf(metricEvent.Metric.EmittedAt) is { } bucket)
            {
                var cell = CellOf(new CellKey(queueId, metricEvent.MediaType, bucket));
                cell.Add(metricEvent.Metric);
                countedCells.Add(cell);
            }
        }

        foreach (var cell in countedCells)
        {
            cell.Conversations++;
            cell.OldConversations += conversation.Start < scope.OldBefore ? 1 : 0;
        }

        Conversations += countedCells.Count > 0 ? 1 : 0;
        if (conversation.End is null)
        {
            AddOpen(conversation);
        }
    }

    /// <summary>Returns the sessions of open conversations in a cell.</summary>
    public OpenSessions OpenIn(CellKey cell) => _open.In(cell);

    private void AddOpen(ConversationDetail conversation)
    {
        foreach (var session in conversation.Participants.SelectMany(participant => participant.Sessions))
        {
            var mediaType = ConversationEvents.MediaTypeOf(session);
            var segmentsByQueue = session.Segments.Where(segment => segment.QueueId is not null).ToLookup(segment => segment.QueueId!, StringComparer.OrdinalIgnoreCase);
            foreach (var segments in segmentsByQueue.Where(segments => scope.Includes(segments.Key, mediaType)))
            {
                Instant? ended = segments.Any(segment => segment.End is null) ? null : segments.Max(segment => segment.End);
                _open.Add(segments.Key, mediaType, conversation.Start, segments.Min(segment => segment.Start), ended);
            }
        }
    }

    private TalliedCell CellOf(CellKey key)
    {
        if (!_cells.TryGetValue(key, out var cell))
        {
            _cells[key] = cell = new TalliedCell();
        }

        return cell;
    }

    private int? BucketOf(Instant instant) =>
        FactsMerger.BucketAt(scope.Edges, instant) is >= 0 and var bucket && bucket < scope.Edges.Length - 1 ? bucket : null;
}
