namespace GenesysAnalyticsApi.Genesys;

/// <summary>How far the clock of this machine is from that of Genesys, by the dates of its answers, logins included.</summary>
internal sealed class GenesysClock
{
    // The header counts whole seconds; on average half of one has passed since.
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ClockOffset _offset = new();
    private volatile ClockReading? _latest;

    /// <summary>The last answer alone. Null until an answer had a date.</summary>
    public ClockReading? Latest => _latest;

    /// <inheritdoc cref="ClockOffset.Ahead"/>
    public TimeSpan? Ahead => _offset.Ahead;

    /// <param name="date">The answer's <c>Date</c>. It was written somewhere between sending and receiving: taken to be half-way.</param>
    public void Observe(DateTimeOffset? date, DateTimeOffset sentAt, DateTimeOffset receivedAt)
    {
        if (date is { } theirs)
        {
            _latest = new ClockReading(sentAt + ((receivedAt - sentAt) / 2) - (theirs + (Second / 2)), receivedAt);
            _offset.Observe(theirs, theirs + Second, sentAt, receivedAt);
        }
    }
}

/// <param name="Ahead">Of Genesys' clock; negative where ours is behind.</param>
internal sealed record ClockReading(TimeSpan Ahead, DateTimeOffset ReadAt);
