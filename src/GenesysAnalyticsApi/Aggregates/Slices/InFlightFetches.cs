using System.Runtime.InteropServices;
using GenesysAnalyticsApi.Aggregates.Planning;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>Tracks the fetches of this process, at most two per slice at the same time, and finds one that is new enough for a query.</summary>
internal sealed class InFlightFetches
{
    private const int MaxPerSlice = 2;

    private readonly Lock _gate = new();
    private readonly Dictionary<SliceKey, List<SharedFetch>> _fetches = [];

    public IReadOnlyList<SharedFetch> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _fetches.Values.SelectMany(fetches => fetches)];
            }
        }
    }

    public bool CanJoin(SliceDemand demand)
    {
        lock (_gate)
        {
            return _fetches.TryGetValue(demand.Slice.Key, out var fetches) && fetches.Exists(fetch => demand.Accepts(fetch.StartedAt) && !fetch.HasEnded);
        }
    }

    /// <summary>Joins a fetch that is new enough, or starts one. Does neither if two are running that both started too early.</summary>
    public JoinResult JoinOrStart(SliceDemand demand, Func<SharedFetch> start)
    {
        lock (_gate)
        {
            ref var fetches = ref CollectionsMarshal.GetValueRefOrAddDefault(_fetches, demand.Slice.Key, out _);
            fetches ??= [];
            if (fetches.Find(fetch => demand.Accepts(fetch.StartedAt) && fetch.TryJoin()) is { } joined)
            {
                return new(joined, IsOwn: false, []);
            }

            var running = fetches.Where(fetch => !fetch.HasEnded).ToList();
            if (running.Count >= MaxPerSlice)
            {
                return new(null, IsOwn: false, [.. running.Select(fetch => fetch.Completion)]);
            }

            var started = start();
            fetches.Add(started);
            return new(started, IsOwn: true, []);
        }
    }

    public void Remove(SliceKey key, SharedFetch fetch)
    {
        lock (_gate)
        {
            if (_fetches.TryGetValue(key, out var fetches) && fetches.Remove(fetch) && fetches.Count == 0)
            {
                _fetches.Remove(key);
            }
        }
    }
}

/// <param name="Fetch">Null if one of <paramref name="Running"/> has to complete first.</param>
/// <param name="IsOwn">Whether the fetch was started for this query.</param>
internal readonly record struct JoinResult(SharedFetch? Fetch, bool IsOwn, IReadOnlyList<Task> Running);
