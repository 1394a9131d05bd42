using GenesysSimulator.World;
using GenesysSimulator.World.Conversations;
using GenesysSimulator.World.Records;

namespace GenesysSimulator.Details;

/// <summary>The sort key of a matching conversation, and its position in the simulated world. A million entries take 24 megabytes.</summary>
internal readonly record struct RecordEntry(long Key, ConversationPosition Position);

/// <summary>
/// The sorted positions of the conversations that match a query, up to the query's limit. The records of a page are generated from their positions, so no
/// other records have to be generated.
/// </summary>
internal sealed class RecordIndex(DetailQuery query, Snapshot snapshot, RecordEntry[] entries)
{
    /// <summary>Four days: longer than any simulated conversation, and longer than the age at which late mutation corrects data.</summary>
    private const long SettledAfter = 4 * 24 * WorldHour.Milliseconds;

    public Snapshot Snapshot => snapshot;

    public int Count => entries.Length;

    /// <summary>Whether the data of the interval can no longer change.</summary>
    public bool IsSettled => query.End + SettledAfter < snapshot.Now;

    public static RecordIndex Build(SimulatedWorld world, DetailQuery query, Snapshot snapshot, CancellationToken cancellationToken)
    {
        var end = Math.Min(query.End, snapshot.Now + 1);
        if (end <= query.Start)
        {
            return new(query, snapshot, []);
        }

        // A conversation is generated in the hour in which it reaches its queue, but can begin up to PreQueuePhase.MaxMilliseconds earlier.
        var to = end + PreQueuePhase.MaxMilliseconds;

        var lookback = world.Streams.Max(stream => stream.Profile.LookbackHours) + 2;
        var first = Math.Max(query.EarliestStart, query.Start - (lookback * WorldHour.Milliseconds));
        var hours = WorldHour.Between(first, to, world.Zone);
        var (found, gate) = (new List<RecordEntry>(), new Lock());
        Parallel.For(
            0,
            world.Streams.Count,
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
            () => new MetricEvents(),
            (index, _, events) =>
            {
                var entries = Visit(world, query, snapshot, hours, index, events);
                lock (gate)
                {
                    found.AddRange(entries);
                }

                return events;
            },
            _ => { });
        return new(query, snapshot, SortAndLimit(query, found));
    }

    public IEnumerable<ConversationPosition> Page(int skip, int take)
    {
        for (var index = Math.Max(0, skip); index < Math.Min((long)skip + take, entries.Length); index++)
        {
            yield return entries[index].Position;
        }
    }

    private static List<RecordEntry> Visit(
        SimulatedWorld world, DetailQuery query, Snapshot snapshot, WorldHour[] hours, int index, MetricEvents events)
    {
        var stream = world.Streams[index];
        var visitor = new MatchCollector(world.Records, query, stream, index, snapshot.Now, []);
        if (!query.CanMatch(stream))
        {
            return visitor.Found;
        }

        // The lookback is one hour longer than for aggregates, because a segment of after-call work can be longer than its tAcw metric.
        var first = query.Start - ((stream.Profile.LookbackHours + 1) * WorldHour.Milliseconds);
        foreach (ref readonly var hour in hours.AsSpan())
        {
            if (hour.StartMs + WorldHour.Milliseconds > first)
            {
                stream.VisitHour(hour, snapshot, events, ref visitor);
            }
        }

        return visitor.Found;
    }

    private static RecordEntry[] SortAndLimit(DetailQuery query, List<RecordEntry> found)
    {
        var sign = query.Order == DetailOrder.Descending ? -1 : 1;
        found.Sort((left, right) => left.Key != right.Key
            ? sign * left.Key.CompareTo(right.Key)
            : (left.Position.Stream, left.Position.Hour, left.Position.Index).CompareTo((right.Position.Stream, right.Position.Hour, right.Position.Index)));
        return query.Limit < found.Count ? [.. found.Take(query.Limit.Value)] : [.. found];
    }

    private readonly struct MatchCollector(
        RecordBuilder records, DetailQuery query, ConversationStream stream, int streamIndex, long now, List<RecordEntry> found) : IConversationVisitor
    {
        public List<RecordEntry> Found => found;

        public void Visit(MetricEvents conversation)
        {
            var record = records.Build(stream, streamIndex, conversation, now);
            if (query.Matches(record))
            {
                found.Add(new(query.KeyOf(record), new(streamIndex, (int)(conversation.Start / WorldHour.Milliseconds), conversation.Index)));
            }
        }
    }
}
