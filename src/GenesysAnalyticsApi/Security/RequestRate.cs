using System.Globalization;

namespace GenesysAnalyticsApi.Security;

/// <summary>
/// So many requests a minute: all at once if a minute was quiet, and each grows back after its part of the minute. Who asks too much is
/// thus slowed down to his rate, and not shut out until a full minute is over. One number says it all: the moment at which everything
/// will have grown back. (The framework's limiters keep their own time, which no test can move, and do not tell when that moment is.)
/// </summary>
internal sealed class RequestRate(int perMinute)
{
    private readonly long _each = TimeSpan.TicksPerMinute / perMinute;
    private long _fullAt;

    /// <summary>What the header <c>RateLimit-Policy</c> says; the same for every answer.</summary>
    public string Policy { get; } = string.Create(CultureInfo.InvariantCulture, $"\"caller\";q={perMinute};w=60");

    public bool TryTake(TimeSpan now, out RateLeft left)
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
internal readonly record struct RateLeft(int Requests, TimeSpan UntilFull, TimeSpan UntilNext)
{
    /// <summary>What the header <c>RateLimit</c> says.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"\"caller\";r={Requests};t={(UntilFull.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond}");
}
