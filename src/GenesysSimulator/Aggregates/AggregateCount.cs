using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Aggregates;

/// <summary>Answers a question from the world: two threads share the streams, each stream is counted alone and then merged.</summary>
internal sealed class AggregateCount(SimulatedWorld world, AggregateQuestion question, Reading reading, int rowLimit)
{
    private readonly Dictionary<string, AggregateGroup> _groups = new(StringComparer.Ordinal);
    private readonly Lock _merging = new();

    public Columns Columns { get; } = new(question);

    public static string KeyOf(IEnumerable<KeyValuePair<string, string>> dimensions) =>
        string.Join('\u0001', dimensions.Select(pair => $"{pair.Key}={pair.Value}"));

    public IReadOnlyDictionary<string, AggregateGroup> Run(CancellationToken cancellationToken)
    {
        var to = Math.Min(question.Buckets.End, reading.Now + 1);
        if (to <= question.Buckets.Start || Columns.Count == 0)
        {
            return _groups;
        }

        var lookback = world.Streams.Max(stream => stream.Profile.LookbackHours) + 1;
        var hours = WorldHour.Between(question.Buckets.Start - (lookback * WorldHour.Milliseconds), to, world.Zone);
        try
        {
            Parallel.For(
                0,
                world.Streams.Count,
                new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
                () => new Stamps(),
                (index, _, stamps) => CountStream(index, hours, stamps),
                _ => { });
        }
        catch (AggregateException all) when (all.InnerExceptions.OfType<Refusal>().FirstOrDefault() is { } refusal)
        {
            throw refusal;
        }

        return _groups;
    }

    private Stamps CountStream(int index, WorldHour[] hours, Stamps stamps)
    {
        var stream = world.Streams[index];
        var count = new StreamCount(stream, index, question, Columns, reading.Now, rowLimit);
        if (count.Groups.Count > 0)
        {
            var first = question.Buckets.Start - (stream.Profile.LookbackHours * WorldHour.Milliseconds);
            foreach (ref readonly var hour in hours.AsSpan())
            {
                if (hour.StartMs + WorldHour.Milliseconds > first)
                {
                    stream.VisitHour(hour, reading, stamps, ref count);
                }
            }

            Merge(count.Groups);
        }

        return stamps;
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
                    known.Add(group);
                }
                else
                {
                    _groups[key] = group;
                }
            }

            if (_groups.Values.Sum(group => (long)group.RowCount) > rowLimit)
            {
                throw Refusal.TooLarge(rowLimit);
            }
        }
    }
}
