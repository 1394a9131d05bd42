using CsCheck;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates.Time;

public sealed class BucketBoundariesTests
{
    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29", "PT1H", 23)] // 02:00 is skipped
    [InlineData("Europe/Berlin", "2026-10-25", "PT1H", 25)] // 02:00 occurs twice
    [InlineData("Europe/Berlin", "2026-10-25", "PT30M", 50)]
    [InlineData("Europe/Berlin", "2026-10-25", "PT2H", 12)] // the bucket at 02:00 has three hours
    [InlineData("Europe/Berlin", "2026-03-29", "PT2H", 12)] // the bucket at 02:00 has one hour
    [InlineData("Australia/Lord_Howe", "2026-04-05", "PT1H", 24)] // half an hour repeats: the hour at 01:00 is longer
    [InlineData("Australia/Lord_Howe", "2026-04-05", "PT30M", 49)]
    [InlineData("America/Havana", "2024-11-03", "PT1H", 25)] // midnight occurs twice
    [InlineData("Africa/Cairo", "2026-04-24", "PT1H", 23)] // midnight is skipped
    [InlineData("Asia/Kathmandu", "2026-02-28", "PT15M", 96)]
    public void The_buckets_of_a_day_follow_the_local_clock(string zoneId, string date, string granularity, int buckets)
    {
        var zone = DateTimeZoneProviders.Tzdb[zoneId];
        var day = NodaTime.Text.LocalDatePattern.Iso.Parse(date).Value;
        var (from, to) = (BucketBoundaries.StartOf(day, zone), BucketBoundaries.StartOf(day.PlusDays(1), zone));

        BucketBoundaries.Edges(from, to, Granularity.Find(granularity)!, zone).Count.ShouldBe(buckets + 1);
    }

    [Fact]
    public void Buckets_are_contiguous_and_a_boundary_is_its_own_floor() =>
        Gen.Select(AggregatesClient.Zone, GenChoice.OneOf([.. Granularity.All]))
            .SelectMany((zone, granularity) => AggregatesClient.Moment(zone).Select(moment => (zone, granularity, moment)))
            .Sample(
                given =>
                {
                    var (zone, granularity, moment) = given;
                    var before = BucketBoundaries.AtOrBefore(moment, granularity, zone);
                    var after = BucketBoundaries.After(moment, granularity, zone);

                    before.ShouldBeLessThanOrEqualTo(moment);
                    after.ShouldBeGreaterThan(moment);
                    BucketBoundaries.AtOrBefore(before, granularity, zone).ShouldBe(before);
                    BucketBoundaries.After(before, granularity, zone).ShouldBe(after);
                    BucketBoundaries.Edges(before, after, granularity, zone).ShouldBe([before, after]);
                },
                iter: 5_000);
}
