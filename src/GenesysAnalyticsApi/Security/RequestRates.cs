using System.Collections.Concurrent;

namespace GenesysAnalyticsApi.Security;

/// <summary>
/// The rate of each who asks, by name. One that has grown back to its full size is forgotten within a minute: thousands of callers who
/// came once leave nothing behind.
/// </summary>
internal sealed class RequestRates : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);

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

    public RequestRate Of(string name, int perMinute) =>
        // Who takes from one that is being forgotten has one request more: it was full anyway.
        _rates.TryGetValue(name, out var known) ? known : _rates.GetOrAdd(name, new RequestRate(perMinute));

    public void Dispose() => _forgetting.Dispose();

    private void Forget()
    {
        foreach (var rate in _rates)
        {
            if (rate.Value.IsFull(Now))
            {
                _rates.TryRemove(rate);
            }
        }
    }
}
