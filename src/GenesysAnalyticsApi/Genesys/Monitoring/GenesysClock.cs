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
