using GenesysAnalyticsApi.Genesys.Monitoring;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Genesys.Monitoring;

/// <summary>Instants that other replicas, or other programs, have stored.</summary>
public sealed class SharedTimeTests
{
    private static readonly Instant LocalNow = Instant.FromUtc(2026, 11, 23, 9, 15);

    [Theory]
    [InlineData(-30)] // behind Genesys
    [InlineData(0)]
    [InlineData(30)]
    public void Any_stored_instant_can_be_converted_and_none_is_in_the_future(int aheadSeconds)
    {
        var (genesys, clock) = (new GenesysClock(), new FakeTimeProvider(LocalNow.ToDateTimeOffset()));
        genesys.Observe(LocalNow.ToDateTimeOffset().AddSeconds(-aheadSeconds), clock.GetUtcNow(), clock.GetUtcNow());
        var time = new SharedTime(genesys, clock);

        time.FromShared(Instant.MaxValue).ShouldBeNull();
        time.FromShared(Instant.MinValue).ShouldNotBeNull().ShouldBeLessThan(LocalNow);
        time.FromShared(time.Now + SharedTime.Tolerance).ShouldBe(LocalNow);
        time.FromShared(time.Now + SharedTime.Tolerance + Duration.FromMilliseconds(1)).ShouldBeNull();
        time.FromShared(time.Now - Duration.FromHours(1)).ShouldBe(LocalNow - Duration.FromHours(1));
        time.FromShared(time.ToShared(LocalNow - Duration.FromHours(1))).ShouldBe(LocalNow - Duration.FromHours(1));
    }
}
