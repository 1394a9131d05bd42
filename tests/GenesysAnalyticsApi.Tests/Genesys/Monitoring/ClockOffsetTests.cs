using GenesysAnalyticsApi.Genesys.Monitoring;

namespace GenesysAnalyticsApi.Tests.Genesys.Monitoring;

public sealed class ClockOffsetTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly GenesysClock _clock = new();

    [Fact]
    public void The_offset_is_unknown_at_first() => _clock.Ahead.ShouldBeNull();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.9, 0)] // The Date header has a resolution of one second, so the clocks might agree.
    [InlineData(-5, -5)]
    [InlineData(600, 599)]
    public void Only_the_certain_part_of_the_offset_is_reported(double ahead, double expected)
    {
        Read(0, ahead, took: 0);

        _clock.Ahead.ShouldBe(TimeSpan.FromSeconds(expected));
    }

    [Fact]
    public void A_slow_reply_gives_a_rough_estimate_and_later_replies_improve_it()
    {
        Read(0, ahead: 10, took: 20);
        _clock.Ahead.ShouldBe(TimeSpan.Zero);

        Read(30, ahead: 10, took: 0.2);

        _clock.Ahead!.Value.TotalSeconds.ShouldBeInRange(8.5, 10);
    }

    [Fact]
    public void A_single_outlier_is_ignored_and_two_in_a_row_are_accepted()
    {
        Read(0, 0, took: 0);
        Read(1, 600, took: 0);
        _clock.Ahead.ShouldBe(TimeSpan.Zero);
        Read(2, 0, took: 0);
        Read(3, 600, took: 0);
        _clock.Ahead.ShouldBe(TimeSpan.Zero);

        Read(4, 600, took: 0);

        _clock.Ahead.ShouldBe(TimeSpan.FromSeconds(599));
    }

    /// <param name="at">Seconds after noon on the Genesys clock.</param>
    private void Read(double at, double ahead, double took)
    {
        var genesysTime = Noon.AddSeconds(at);
        var sent = genesysTime.AddSeconds(ahead);

        // Here, Genesys writes the Date header at the last moment, just before the reply arrives.
        genesysTime = genesysTime.AddSeconds(took);
        _clock.Observe(new DateTimeOffset(genesysTime.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero), sent, sent.AddSeconds(took));
    }
}
