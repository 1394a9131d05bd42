using System.Runtime.ExceptionServices;
using GenesysSimulator.Wire;
using GenesysSimulator.World;
using GenesysSimulator.World.Conversations;

namespace GenesysSimulator.Aggregates;

/// <summary>
/// Computes the aggregates of a query. Up to two threads process the streams. Each stream is counted separately, and its groups are then merged.
/// </summary>
internal sealed class AggregateCounter(SimulatedWorld world, AggregateQuery query, Snapshot snapshot, int rowLimit)
{
    private readonly Dictionary<string, AggregateGroup> _groups = new(StringComparer.Ordinal);
    private readonly Lock _merging = new();
    private long _rows;

    public Columns Columns { get; } = new(query);

    public static string KeyOf(IEnumerable<KeyValuePair<string, string>> dimensions) =>
        string.Join('\u0001', dimensions.Select(pair => $"{pair.Key}={pair.Value}"));

    public IReadOnlyDictionary<string, AggregateGroup> Run(CancellationToken cancellationToken)
    {
        var to = Math.Min(query.Buckets.End, snapshot.Now + 1);
        if (to <= query.Buckets.Start || Columns.Count == 0)
        {
            return _groups;
        }

        var lookback = world.Streams.Max(stream => stream.Profile.LookbackHours) + 1;
        var hours = WorldHour.Between(query.Buckets.Start - (lookback * WorldHour.Milliseconds), to, world.Zone);
        try
        {
            Parallel.For(
                0,
                world.Streams.Count,
                new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
                () => new MetricEvents { IsAnonymous = !query.Mentions(Dimensions.UserId) && !query.Mentions(Dimensions.WrapUpCode) },
                (index, _, events) => CountStream(index, hours, events),
                _ => { });
        }
        catch (AggregateException all) when (all.InnerExceptions.OfType<ApiException>().FirstOrDefault() is { } error)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        return _groups;
    }

    private MetricEvents CountStream(int index, WorldHour[] hours, MetricEvents events)
    {
        var stream = world.Streams[index];
        if (!query.Filter.CanMatch(stream))
        {
            return events;
        }

        var groups = new StreamGroups(stream, index, query);
        var counter = new StreamCounter(groups, query, Columns, snapshot.Now, rowLimit);
        var first = query.Buckets.Start - (stream.Profile.LookbackHours * WorldHour.Milliseconds);
        foreach (ref readonly var hour in hours.AsSpan())
        {
            if (hour.StartMs + WorldHour.Milliseconds > first)
            {
                stream.VisitHour(hour, snapshot, events, ref counter);
            }
        }

        Merge(groups.Groups);
        return events;
    }

    private void Merge(List<AggregateGroup> groups)
    {
        lock (_merging)
        {
            foreach (var group in groups.Where(group => group.RowCount > 0))
            {
                var key = KeyOf(group.Dimensions);
                if (_groups.TryGetValue(key, out var known))
                {
                    _rows -= known.RowCount;
                    known.Add(group);
                    _rows += known.RowCount;
                }
                else
                {
                    _groups[key] = group;
                    _rows += group.RowCount;
                }
            }

            if (_rows > rowLimit)
            {
                throw ApiException.ResultTooLarge(rowLimit);
            }
        }
    }
}
