namespace GenesysAnalyticsApi.SystemTests.Infrastructure;

/// <summary>
/// A clock that runs many times faster than the real one, including its timers: a pause of three seconds takes less than a tenth of a second.
/// For tests that wait in several places at once, such as on both sides of a socket; if a test can advance the clock itself, a
/// <c>FakeTimeProvider</c> is better. A speed below one gives a busy machine more time.
/// </summary>
internal sealed class FastClock(DateTimeOffset start, double speed) : TimeProvider
{
    private readonly long _started = System.GetTimestamp();
    private long _skipped;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => System.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => start + GetElapsedTime(0, GetTimestamp()) + TimeSpan.FromTicks(Volatile.Read(ref _skipped));

    /// <summary>Moves the time of day forward. Timers are not affected.</summary>
    public void Skip(TimeSpan time) => Interlocked.Add(ref _skipped, time.Ticks);

    public override long GetTimestamp() => (long)((System.GetTimestamp() - _started) * speed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(System.CreateTimer(callback, state, Scaled(dueTime), Scaled(period)), this);

    // Rounded up to a millisecond, because code that a timer runs too early would find that it is not due yet.
    private TimeSpan Scaled(TimeSpan real) =>
        real <= TimeSpan.Zero ? real : TimeSpan.FromMilliseconds(Math.Ceiling((real / speed).TotalMilliseconds));

    private sealed class FastTimer(ITimer timer, FastClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Scaled(dueTime), clock.Scaled(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
