using System.Collections.Concurrent;
using System.Globalization;

namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary>
/// The rate of each caller, by its identity. One that has grown back to its full size is forgotten within a minute: thousands of callers who
/// came once leave nothing behind. There are never more than <see cref="Most"/>: subjects of tokens and networks have no bound of their own.
/// </summary>
internal sealed class TokenBuckets : IDisposable
{
    /// <summary>Some ten megabytes.</summary>
    internal const int Most = 50_000;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, TokenBucket> _rates = new(StringComparer.Ordinal);
    private readonly TimeProvider _clock;
    private readonly long _started;
    private readonly ITimer _forgetting;

    public TokenBuckets(TimeProvider clock)
    {
        _clock = clock;
        _started = clock.GetTimestamp();
        _forgetting = clock.CreateTimer(_ => Forget(), null, BetweenLooks, BetweenLooks);
    }

    public int Count => _rates.Count;

    public TimeSpan Now => _clock.GetElapsedTime(_started);

    public TokenBucket Of(string identity, int perMinute)
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

        return _rates.GetOrAdd(identity, new TokenBucket(perMinute));
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

/// <summary>
/// So many requests a minute: all at once if a minute was quiet, and each grows back after its part of the minute. Who asks too much is
/// thus slowed down to his rate, and not shut out until a full minute is over. One number says it all: the moment at which everything
/// will have grown back. (The framework's limiters keep their own time, which no test can move, and do not tell when that moment is.)
/// </summary>
internal sealed class TokenBucket(int perMinute)
{
    private readonly long _each = TimeSpan.TicksPerMinute / perMinute;
    private long _fullAt;

    /// <summary>What the header <c>RateLimit-Policy</c> says; the same for every answer.</summary>
    public string Policy { get; } = string.Create(CultureInfo.InvariantCulture, $"\"caller\";q={perMinute};w=60");

    public bool TryTake(TimeSpan now, out TokenBucketState left)
    {
        while (true)
        {
            var seen = Volatile.Read(ref _fullAt);
            var taken = Math.Max(seen, now.Ticks) + _each;
            var tooEarly = taken - now.Ticks - (_each * perMinute);
            if (tooEarly > 0)
            {
                left = new(0, TimeSpan.FromTicks(seen - now.Ticks), TimeSpan.FromTicks(tooEarly));
                return false;
            }

            if (Interlocked.CompareExchange(ref _fullAt, taken, seen) == seen)
            {
                left = new((int)(-tooEarly / _each), TimeSpan.FromTicks(taken - now.Ticks), TimeSpan.Zero);
                return true;
            }
        }
    }

    /// <summary>How much is taken, as the time until all has grown back; where that is over, a new one would say the same.</summary>
    public TimeSpan UntilFull(TimeSpan now) => TimeSpan.FromTicks(Math.Max(0, Volatile.Read(ref _fullAt) - now.Ticks));
}

/// <param name="Requests">How many are left now.</param>
/// <param name="UntilFull">Until all are there again, if none is taken meanwhile.</param>
/// <param name="UntilNext">For who was refused: until the next one is there.</param>
internal readonly record struct TokenBucketState(int Requests, TimeSpan UntilFull, TimeSpan UntilNext)
{
    /// <summary>What the header <c>RateLimit</c> says.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"\"caller\";r={Requests};t={(UntilFull.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond}");
}
