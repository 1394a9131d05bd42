namespace GenesysAnalyticsApi.Genesys;

/// <summary>How far the clock of this machine is from that of Genesys, by the dates of its answers, logins included.</summary>
internal sealed class GenesysClock
{
    // The header counts whole seconds; on average half of one has passed since.
    private static readonly TimeSpan HalfASecond = TimeSpan.FromMilliseconds(500);

    private volatile ClockReading? _latest;

    /// <summary>Null until an answer had a date.</summary>
    public ClockReading? Latest => _latest;

    /// <param name="date">The answer's <c>Date</c>. It was written somewhere between sending and receiving: taken to be half-way.</param>
    public void Observe(DateTimeOffset? date, DateTimeOffset sentAt, DateTimeOffset receivedAt)
    {
        if (date is { } theirs)
        {
            _latest = new ClockReading(sentAt + ((receivedAt - sentAt) / 2) - (theirs + HalfASecond), receivedAt);
        }
    }
}

/// <param name="Ahead">Of Genesys' clock; negative where ours is behind.</param>
internal sealed record ClockReading(TimeSpan Ahead, DateTimeOffset ReadAt);
