using System.Runtime.InteropServices;
using GenesysAnalyticsApi.Aggregates.Planning;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>The flights of this process, at most two of a slice at the same time, and which of them will do for a question.</summary>
internal sealed class InFlightFetches
{
    private const int MostOfASlice = 2;

    private readonly Lock _gate = new();
    private readonly Dictionary<SliceKey, List<SharedFetch>> _flights = [];

    public IReadOnlyList<SharedFetch> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _flights.Values.SelectMany(flights => flights)];
            }
        }
    }

    public bool CanJoin(SliceDemand demand)
    {
        lock (_gate)
        {
            return _flights.TryGetValue(demand.Slice.Key, out var flights) && flights.Exists(flight => demand.Takes(flight.StartedAt) && !flight.HasEnded);
        }
    }

    /// <summary>A flight that will do, entered, or a new one. Neither where as many as there may be are under way, and all began too early.</summary>
    public JoinResult Board(SliceDemand demand, Func<SharedFetch> start)
    {
        lock (_gate)
        {
            ref var flights = ref CollectionsMarshal.GetValueRefOrAddDefault(_flights, demand.Slice.Key, out _);
            flights ??= [];
            if (flights.Find(flight => demand.Takes(flight.StartedAt) && flight.TryJoin()) is { } other)
            {
                return new(other, IsOwn: false, []);
            }

            var flying = flights.Where(flight => !flight.HasEnded).ToList();
            if (flying.Count >= MostOfASlice)
            {
                return new(null, IsOwn: false, [.. flying.Select(flight => flight.Completion)]);
            }

            var own = start();
            flights.Add(own);
            return new(own, IsOwn: true, []);
        }
    }

    public void Remove(SliceKey key, SharedFetch flight)
    {
        lock (_gate)
        {
            if (_flights.TryGetValue(key, out var flights) && flights.Remove(flight) && flights.Count == 0)
            {
                _flights.Remove(key);
            }
        }
    }
}

/// <param name="Flight">Null where one of <paramref name="Busy"/> has to land first.</param>
/// <param name="IsOwn">It was started for this question.</param>
internal readonly record struct JoinResult(SharedFetch? Flight, bool IsOwn, IReadOnlyList<Task> Busy);
