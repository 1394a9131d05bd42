namespace GenesysAnalyticsApi.SystemTests.Infrastructure;

/// <summary>
/// A clock that runs many times faster than the real one, timers too: a pause of three seconds is over in less than a tenth of one.
/// For what waits in several places at once, the far side of a socket among them; where a test can say when to move on, a
/// <c>FakeTimeProvider</c> is better. With a speed below one it gives a busy machine more time than there is.
/// </summary>
internal sealed class FastClock(DateTimeOffset start, double speed) : TimeProvider
{
    private readonly long _started = System.GetTimestamp();
    private long _skipped;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => System.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => start + GetElapsedTime(0, GetTimestamp()) + TimeSpan.FromTicks(Volatile.Read(ref _skipped));

    /// <summary>From now on it is so much later. Timers do not notice.</summary>
    public void Skip(TimeSpan time) => Interlocked.Add(ref _skipped, time.Ticks);

    public override long GetTimestamp() => (long)((System.GetTimestamp() - _started) * speed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(System.CreateTimer(callback, state, Hurried(dueTime), Hurried(period)), this);

    // Rounded up to a millisecond: a timer that rings early would find that it is not time yet.
    private TimeSpan Hurried(TimeSpan real) =>
        real <= TimeSpan.Zero ? real : TimeSpan.FromMilliseconds(Math.Ceiling((real / speed).TotalMilliseconds));

    private sealed class FastTimer(ITimer timer, FastClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Hurried(dueTime), clock.Hurried(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
