namespace GenesysAnalyticsApi.Genesys.Monitoring;

/// <summary>
/// Estimates how far this machine's clock is ahead of another clock. The other clock is read between sending a request and receiving the reply, so each
/// reading gives a lower and an upper bound. The intersection of several readings is usually narrower than each single reading. A <c>Date</c> header has a
/// resolution of one second, so the time of the other clock is itself a range.
/// </summary>
internal sealed class ClockOffset
{
    /// <summary>Clocks drift, so older readings expire.</summary>
    private static readonly TimeSpan MaxReadingAge = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private volatile Bounds? _bounds;
    private Bounds? _contradiction;

    /// <summary>
    /// The part of the offset that is certain: negative if this clock is behind, zero if the clocks could agree, null before the first
    /// reading. Measurement noise therefore never shifts clocks that agree.
    /// </summary>
    public TimeSpan? Ahead => _bounds?.NearestToZero;

    /// <param name="from">The earliest time that the other clock could have shown.</param>
    /// <param name="to">The latest time that the other clock could have shown.</param>
    public void Observe(DateTimeOffset from, DateTimeOffset to, DateTimeOffset sentAt, DateTimeOffset receivedAt)
    {
        if (receivedAt < sentAt)
        {
            // This machine's clock was set back in the meantime.
            return;
        }

        var reading = new Bounds(sentAt - to, receivedAt - from, receivedAt);
        lock (_gate)
        {
            if (_bounds is not { } known)
            {
                _bounds = reading;
            }
            else if (known.Intersect(reading) is { } narrower)
            {
                (_bounds, _contradiction) = (receivedAt - known.Since > MaxReadingAge ? reading : narrower, null);
            }
            else if (_contradiction?.Intersect(reading) is { } agreed)
            {
                // Two readings agree on a new offset, so one of the clocks was set. A single reading could be a proxy's mistake.
                (_bounds, _contradiction) = (agreed, null);
            }
            else
            {
                _contradiction = reading;
            }
        }
    }

    private sealed record Bounds(TimeSpan Low, TimeSpan High, DateTimeOffset Since)
    {
        public TimeSpan NearestToZero => Low > TimeSpan.Zero ? Low : High < TimeSpan.Zero ? High : TimeSpan.Zero;

        public Bounds? Intersect(Bounds other)
        {
            var (low, high) = (Low > other.Low ? Low : other.Low, High < other.High ? High : other.High);
            return low <= high ? new(low, high, Since) : null;
        }
    }
}
