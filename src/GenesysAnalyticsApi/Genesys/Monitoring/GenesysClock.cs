namespace GenesysAnalyticsApi.Genesys.Monitoring;

/// <summary>Measures the offset to the Genesys clock from the <c>Date</c> header of every reply, including the replies to logins.</summary>
internal sealed class GenesysClock
{
    // The header has a resolution of one second, so the actual time is half a second later on average.
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ClockOffset _offset = new();
    private volatile ClockReading? _latest;

    /// <summary>The reading from the latest reply with a date; null if there has been none.</summary>
    public ClockReading? Latest => _latest;

    /// <inheritdoc cref="ClockOffset.Ahead"/>
    public TimeSpan? Ahead => _offset.Ahead;

    /// <param name="date">
    /// The reply's <c>Date</c> header. For <see cref="Latest"/>, Genesys is assumed to have written it halfway between sending and receiving.
    /// </param>
    public void Observe(DateTimeOffset? date, DateTimeOffset sentAt, DateTimeOffset receivedAt)
    {
        if (date is { } genesysTime)
        {
            _latest = new ClockReading(sentAt + ((receivedAt - sentAt) / 2) - (genesysTime + (Second / 2)), receivedAt);
            _offset.Observe(genesysTime, genesysTime + Second, sentAt, receivedAt);
        }
    }
}

/// <param name="Ahead">How far this clock is ahead of the Genesys clock; negative if it is behind.</param>
internal sealed record ClockReading(TimeSpan Ahead, DateTimeOffset ReadAt);

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
