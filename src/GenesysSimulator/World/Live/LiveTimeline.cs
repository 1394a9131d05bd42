using GenesysSimulator.World.Conversations;

namespace GenesysSimulator.World.Live;

/// <summary>
/// Determines the state at any instant, from the same events as aggregates and details. The conversations of an hour are generated once, and kept for at
/// least as long as they can be open. Thread-safe.
/// </summary>
internal sealed class LiveTimeline
{
    private readonly SimulatedWorld _world;
    private readonly Dictionary<string, int> _agents;
    private readonly Dictionary<(int Stream, long Hour), LiveSlice> _slices = [];
    private readonly MetricEvents _events = new();
    private readonly Lock _lock = new();
    private Snapshot _snapshot;
    private LiveState? _last;
    private long _newestHour;

    public LiveTimeline(SimulatedWorld world)
    {
        _world = world;
        _agents = Enumerable.Range(0, world.Agents.Count).ToDictionary(index => world.Agents[index].Id, StringComparer.Ordinal);
    }

    public LiveState At(DateTimeOffset now)
    {
        lock (_lock)
        {
            Prepare(now);
            if (_last?.Now == now.ToUnixTimeMilliseconds())
            {
                return _last;
            }

            return _last = new(_world, now.ToUnixTimeMilliseconds(), SlicesOf(now.ToUnixTimeMilliseconds()));
        }
    }

    /// <summary>Visits the metric events of a stream in [from, to].</summary>
    public void VisitEvents(int stream, DateTimeOffset from, DateTimeOffset to, Action<MetricEvent> visit)
    {
        lock (_lock)
        {
            Prepare(to);
            var (first, last) = (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
            for (var hour = FirstHour(stream, first); hour <= last / WorldHour.Milliseconds; hour++)
            {
                foreach (var metricEvent in SliceOf(stream, hour).Events)
                {
                    if (metricEvent.At >= first && metricEvent.At <= last)
                    {
                        visit(metricEvent);
                    }
                }
            }
        }
    }

    private List<(ConversationStream Stream, LiveSlice Slice)> SlicesOf(long now)
    {
        var slices = new List<(ConversationStream, LiveSlice)>();
        for (var stream = 0; stream < _world.Streams.Count; stream++)
        {
            for (var hour = FirstHour(stream, now); hour <= now / WorldHour.Milliseconds; hour++)
            {
                slices.Add((_world.Streams[stream], SliceOf(stream, hour)));
            }
        }

        return slices;
    }

    // The lookback is one hour longer than for aggregates, because a segment of after-call work can be longer than its tAcw metric.
    private long FirstHour(int stream, long now) => (now / WorldHour.Milliseconds) - _world.Streams[stream].Profile.LookbackHours - 1;

    private LiveSlice SliceOf(int stream, long hour)
    {
        if (_slices.TryGetValue((stream, hour), out var known))
        {
            return known;
        }

        var start = hour * WorldHour.Milliseconds;
        var builder = new LiveSliceBuilder(_world.Streams[stream], stream, _agents);

        // The snapshot is taken at the end of the hour, so the slice contains the complete hour but no late corrections.
        var snapshot = _snapshot with { Now = start + WorldHour.Milliseconds };
        _world.Streams[stream].VisitHour(WorldHour.Between(start, start + 1, _world.Zone)[0], snapshot, _events, ref builder);
        return _slices[(stream, hour)] = builder.Build();
    }

    private void Prepare(DateTimeOffset now)
    {
        // Without the DriftTo setting, the interval of drifting conversations ends now. The slices must not depend on this end, which always changes.
        var snapshot = _world.SnapshotAt(now) with { Now = 0 };
        snapshot = snapshot with { DriftTo = snapshot.DriftTo == now.ToUnixTimeMilliseconds() ? long.MaxValue : snapshot.DriftTo };
        if (snapshot != _snapshot)
        {
            _slices.Clear();
            (_snapshot, _last) = (snapshot, null);
        }

        var hour = now.ToUnixTimeMilliseconds() / WorldHour.Milliseconds;
        if (hour > _newestHour)
        {
            _newestHour = hour;
            foreach (var old in _slices.Keys.Where(key => key.Hour < hour - (2 * _world.Streams[key.Stream].Profile.LookbackHours)).ToList())
            {
                _slices.Remove(old);
            }
        }
    }
}
