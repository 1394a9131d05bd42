namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// How far the clock of this machine is ahead of another one. The other clock was read some time between sending and receiving, so each
/// reading gives bounds; the bounds of several readings are intersected, which soon tells more than any of them. Times of the other
/// clock are coarse (a <c>Date</c> has whole seconds), hence a span for each.
/// </summary>
internal sealed class ClockOffset
{
    /// <summary>Clocks drift: older readings say less about now.</summary>
    private static readonly TimeSpan Valid = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private Bounds? _bounds;
    private Bounds? _contradiction;

    /// <summary>
    /// The part of the offset that is certain, negative where this clock is behind; zero for clocks that may agree, null while nothing is
    /// known. Clocks that agree are thus never corrected by what is only the noise of the measurement.
    /// </summary>
    public TimeSpan? Ahead
    {
        get
        {
            lock (_gate)
            {
                return _bounds?.NearestToZero;
            }
        }
    }

    /// <param name="from">What the other clock showed at least.</param>
    /// <param name="to">What it showed at most.</param>
    public void Observe(DateTimeOffset from, DateTimeOffset to, DateTimeOffset sentAt, DateTimeOffset receivedAt)
    {
        if (receivedAt < sentAt)
        {
            // This clock was set back in between.
            return;
        }

        var read = new Bounds(sentAt - to, receivedAt - from, receivedAt);
        lock (_gate)
        {
            if (_bounds is not { } known)
            {
                _bounds = read;
            }
            else if (known.With(read) is { } narrower)
            {
                (_bounds, _contradiction) = (receivedAt - known.Since > Valid ? read : narrower, null);
            }
            else if (_contradiction?.With(read) is { } agreed)
            {
                // Twice the same: one of the clocks was set. One reading alone can be the mistake of a proxy on the way.
                (_bounds, _contradiction) = (agreed, null);
            }
            else
            {
                _contradiction = read;
            }
        }
    }

    private sealed record Bounds(TimeSpan Low, TimeSpan High, DateTimeOffset Since)
    {
        public TimeSpan NearestToZero => Low > TimeSpan.Zero ? Low : High < TimeSpan.Zero ? High : TimeSpan.Zero;

        public Bounds? With(Bounds other)
        {
            var (low, high) = (Low > other.Low ? Low : other.Low, High < other.High ? High : other.High);
            return low <= high ? new(low, high, Since) : null;
        }
    }
}
