using System.Collections.Concurrent;

namespace GenesysAnalyticsApi.Security;

/// <summary>
/// The rate of each caller, by its identity. One that has grown back to its full size is forgotten within a minute: thousands of callers who
/// came once leave nothing behind. There are never more than <see cref="Most"/>: subjects of tokens and networks have no bound of their own.
/// </summary>
internal sealed class RequestRates : IDisposable
{
    /// <summary>Some ten megabytes.</summary>
    internal const int Most = 50_000;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, RequestRate> _rates = new(StringComparer.Ordinal);
    private readonly TimeProvider _clock;
    private readonly long _started;
    private readonly ITimer _forgetting;

    public RequestRates(TimeProvider clock)
    {
        _clock = clock;
        _started = clock.GetTimestamp();
        _forgetting = clock.CreateTimer(_ => Forget(), null, BetweenLooks, BetweenLooks);
    }

    public int Count => _rates.Count;

    public TimeSpan Now => _clock.GetElapsedTime(_started);

    public RequestRate Of(string identity, int perMinute)
    {
        // What is taken from a rate that is just being forgotten is not counted: it was full anyway.
        if (_rates.TryGetValue(identity, out var known))
        {
            return known;
        }

        if (_rates.Count >= Most)
        {
            MakeRoom();
        }

        return _rates.GetOrAdd(identity, new RequestRate(perMinute));
    }

    public void Dispose() => _forgetting.Dispose();

    /// <summary>Callers who have taken least are forgotten first: it gives them little, and those who have used up their minute nothing.</summary>
    private void MakeRoom()
    {
        lock (_gate)
        {
            if (_rates.Count < Most)
            {
                return;
            }

            var now = Now;
            foreach (var rate in _rates.ToArray().OrderBy(rate => rate.Value.UntilFull(now)).Take(Most / 10))
            {
                _rates.TryRemove(rate);
            }
        }
    }

    private void Forget()
    {
        foreach (var rate in _rates)
        {
            if (rate.Value.UntilFull(Now) == TimeSpan.Zero)
            {
                _rates.TryRemove(rate);
            }
        }
    }
}
