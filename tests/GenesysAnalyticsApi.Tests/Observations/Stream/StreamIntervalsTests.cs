using GenesysAnalyticsApi.Observations.Stream;

namespace GenesysAnalyticsApi.Tests.Observations.Stream;

/// <summary>When a subscriber gets a heartbeat.</summary>
public sealed class StreamIntervalsTests
{
    [Theory]
    [InlineData(0.1, true, false)] // notifications about other queues arrive up to ten times a second
    [InlineData(4.9, true, false)]
    [InlineData(5, true, true)]
    [InlineData(5, false, false)]
    [InlineData(10, false, false)]
    [InlineData(10.1, false, true)] // the next check may come too late
    public void A_newer_state_alone_causes_a_heartbeat_after_five_seconds_at_the_earliest(double silence, bool hasNewerState, bool isDue) =>
        StreamIntervals.IsHeartbeatDue(TimeSpan.FromSeconds(silence), hasNewerState).ShouldBe(isDue);
}
