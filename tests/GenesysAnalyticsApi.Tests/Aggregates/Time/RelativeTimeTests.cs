using CsCheck;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Tests.Aggregates.Time;

public sealed class RelativeTimeTests
{
    private static readonly Gen<char> Unit = GenChoice.OneOf([.. RelativeTime.Units]);

    [Theory]
    [InlineData("now", "UTC", "2026-11-23T09:15:20Z", "2026-11-23T09:15:20Z")]
    [InlineData("now-90s", "UTC", "2026-11-23T09:13:50Z", "2026-11-23T09:13:50Z")]
    [InlineData("now-24h", "UTC", "2026-11-22T09:15:20Z", "2026-11-22T09:15:20Z")]
    [InlineData("now-1M", "UTC", "2026-10-23T09:15:20Z", "2026-10-23T09:15:20Z")] // a month
    [InlineData("now-1m", "UTC", "2026-11-23T09:14:20Z", "2026-11-23T09:14:20Z")] // a minute
    [InlineData("now-h", "UTC", "2026-11-23T08:15:20Z", "2026-11-23T08:15:20Z")]
    [InlineData("now+1h", "UTC", "2026-11-23T10:15:20Z", "2026-11-23T10:15:20Z")]
    [InlineData("now 1h", "UTC", "2026-11-23T10:15:20Z", "2026-11-23T10:15:20Z")] // an unencoded plus sign
    [InlineData("now/s", "UTC", "2026-11-23T09:15:20Z", "2026-11-23T09:15:21Z")]
    [InlineData("now/m", "UTC", "2026-11-23T09:15:00Z", "2026-11-23T09:16:00Z")]
    [InlineData("now/h", "Asia/Kolkata", "2026-11-23T08:30:00Z", "2026-11-23T09:30:00Z")]
    [InlineData("now/d", "UTC", "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z")]
    [InlineData("now/d", "Europe/Berlin", "2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z")]
    [InlineData("now-1d/d", "Europe/Berlin", "2026-11-21T23:00:00Z", "2026-11-22T23:00:00Z")]
    [InlineData("now-7d/d", "UTC", "2026-11-16T00:00:00Z", "2026-11-17T00:00:00Z")]
    [InlineData("now-1d/d+8h", "UTC", "2026-11-22T08:00:00Z", "2026-11-23T08:00:00Z")]
    [InlineData("now/w", "UTC", "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z")] // a Monday
    [InlineData("now/M", "America/New_York", "2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z")]
    [InlineData("now-1M/M", "UTC", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z")]
    [InlineData("now/Q", "UTC", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("now-1Q/Q", "UTC", "2026-07-01T00:00:00Z", "2026-10-01T00:00:00Z")]
    [InlineData("now/y", "UTC", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("now-30d", "Europe/Berlin", "2026-10-24T08:15:20Z", "2026-10-24T08:15:20Z")] // the same local time, in summer
    public void A_relative_time_means_the_same_as_in_Grafana(string text, string zone, string start, string end)
    {
        RelativeTime.Is(text).ShouldBeTrue();
        Parse(text, zone, isEnd: false).ShouldBe(start);
        Parse(text, zone, isEnd: true).ShouldBe(end);
    }

    [Theory]
    [InlineData("now-")]
    [InlineData("now/")]
    [InlineData("now/2d")]
    [InlineData("now-1D")]
    [InlineData("now-1.5h")]
    [InlineData("now*2h")]
    [InlineData("now-1h-")]
    [InlineData("now/fQ")]
    public void Any_other_expression_is_an_error(string text)
    {
        var errors = new List<string>();

        RelativeTime.Parse(text, DateTimeZone.Utc, AggregatesClient.Now, isEnd: false, errors.Add).ShouldBeNull();
        errors.ShouldHaveSingleItem().ShouldStartWith($"'{text}' is not a time relative to now: ");
    }

    [Theory]
    [InlineData("now-9999999999999s")]
    [InlineData("now+999999999y")]
    public void A_time_beyond_the_calendar_is_out_of_range(string text)
    {
        var errors = new List<string>();

        RelativeTime.Parse(text, DateTimeZone.Utc, AggregatesClient.Now, isEnd: false, errors.Add).ShouldBeNull();
        errors.ShouldBe([$"'{text}' is out of range. Use a time in a year from 0001 to 9998."]);
    }

    [Fact]
    public void Rounding_encloses_the_time_and_moving_further_back_is_never_later() =>
        Gen.Select(AggregatesClient.Zone, AggregatesClient.Zone.SelectMany(AggregatesClient.Moment), Unit, Unit, Gen.Int[0, 60]).Sample(
            (zone, now, moved, rounded, number) =>
            {
                Instant At(string text, bool isEnd = false) => RelativeTime.Parse(text, zone, now, isEnd, message => throw new InvalidOperationException(message))!.Value;
                var at = At($"now-{number}{moved}");

                at.ShouldBeLessThanOrEqualTo(now);
                At($"now-{number + 1}{moved}").ShouldBeLessThan(at);
                At($"now-{number}{moved}/{rounded}").ShouldBeLessThanOrEqualTo(at);
                At($"now-{number}{moved}/{rounded}", isEnd: true).ShouldBeGreaterThan(at);
                At($"now-{number + 1}{moved}/{rounded}").ShouldBeLessThanOrEqualTo(At($"now-{number}{moved}/{rounded}"));
                At($"now-{number}{moved}/{rounded}/{rounded}").ShouldBe(At($"now-{number}{moved}/{rounded}"));
            },
            iter: 20_000);

    private static string Parse(string text, string zone, bool isEnd) =>
        InstantPattern.ExtendedIso.Format(RelativeTime.Parse(text, DateTimeZoneProviders.Tzdb[zone], AggregatesClient.Now, isEnd, message => throw new InvalidOperationException(message))!.Value);
}
