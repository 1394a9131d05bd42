using CsCheck;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates.Request;

/// <summary>The interval that a query is compared with, in local time.</summary>
public sealed class ComparisonTests
{
    [Theory]
    // The preceding calendar unit or, for a unit that has not ended, the same part of it. Now is Monday, 23 November 2026, 09:15.
    [InlineData("period=today", "previous", "2026-11-22T00:00/2026-11-22T09:15")]
    [InlineData("period=yesterday", "previous", "2026-11-21T00:00/2026-11-22T00:00")]
    [InlineData("period=this-week", "previous", "2026-11-16T00:00/2026-11-16T09:15")]
    [InlineData("period=last-week", "previous", "2026-11-09T00:00/2026-11-16T00:00")]
    [InlineData("period=this-month", "previous", "2026-10-01T00:00/2026-10-23T09:15")]
    [InlineData("period=last-month", "previous", "2026-09-01T00:00/2026-10-01T00:00")]
    [InlineData("period=last-7-days", "previous", "2026-11-09T00:00/2026-11-16T00:00")]
    [InlineData("period=last-28-days", "previous", "2026-09-28T00:00/2026-10-26T00:00")]
    // The preceding interval of equal length, in whole buckets.
    [InlineData("from=2026-11-10T08:00&to=2026-11-10T12:30", "previous", "2026-11-10T03:30/2026-11-10T08:00")]
    [InlineData("from=2026-11-10T08:00&to=2026-11-10T12:00&granularity=PT1H", "previous", "2026-11-10T04:00/2026-11-10T08:00")]
    [InlineData("last=PT3H&granularity=PT1H", "previous", "2026-11-23T02:00/2026-11-23T05:15")]
    [InlineData("from=2026-11-20&granularity=P1D", "previous", "2026-11-16T00:00/2026-11-19T09:15")]
    [InlineData("from=2026-11-09&granularity=P1W", "previous", "2026-10-19T00:00/2026-11-02T09:15")]
    [InlineData("from=2026-09-01&to=2026-11-01&granularity=P1M", "previous", "2026-07-01T00:00/2026-09-01T00:00")]
    // Across clock changes: the day of 25 hours is compared with one of 24.
    [InlineData("from=2026-10-25&to=2026-10-26", "previous", "2026-10-24T00:00/2026-10-25T00:00")]
    [InlineData("from=2026-10-26&to=2026-10-27", "previous", "2026-10-25T00:00/2026-10-26T00:00")]
    [InlineData("from=2026-11-02T06:00&to=2026-11-02T08:00", "previous-week", "2026-10-26T06:00/2026-10-26T08:00")]
    // 02:30 did not exist on 29 March.
    [InlineData("from=2026-04-05T02:30&to=2026-04-05T06:00", "previous-week", "2026-03-29T03:00/2026-03-29T06:00")]
    [InlineData("from=2026-11-10&to=2026-11-12", "previous-year", "2025-11-10T00:00/2025-11-12T00:00")]
    [InlineData("last=PT24H", "previous-week", "2026-11-15T09:15/2026-11-16T09:15")]
    // 29 February is compared with 28 February. An end at midnight belongs to the day that it ends.
    [InlineData("from=2024-02-29&to=2024-03-01", "previous-year", "2023-02-28T00:00/2023-03-01T00:00")]
    [InlineData("from=2024-02-01&to=2024-02-29", "previous-year", "2023-02-01T00:00/2023-03-01T00:00")]
    [InlineData("from=2024-02-28T08:00&to=2024-02-29T07:00", "previous-year", "2023-02-28T08:00/2023-03-01T00:00")]
    [InlineData("from=2024-02-29T08:00&to=2024-02-29T10:00", "previous-year", "2023-02-28T08:00/2023-02-28T10:00")]
    public void The_interval_is_resolved_in_local_time(string query, string compare, string expected)
    {
        var interval = Query($"{query}&compare={compare}").Comparison!.Interval;

        Local(interval).ShouldBe(expected);
        interval.EndsNow.ShouldBeFalse();
    }

    [Theory]
    // Late in a long month, all of the shorter month before it counts as elapsed.
    [InlineData("2026-03-31T10:00", "period=this-month", "2026-02-01T00:00/2026-03-01T00:00")]
    [InlineData("2026-03-28T10:00", "period=this-month", "2026-02-01T00:00/2026-02-28T10:00")]
    [InlineData("2026-01-15T10:00", "period=this-month", "2025-12-01T00:00/2025-12-15T10:00")]
    public void The_elapsed_part_of_a_month_fits_into_the_month_before(string now, string query, string expected) =>
        Local(Query($"{query}&compare=previous", AtLocal(now)).Comparison!.Interval).ShouldBe(expected);

    [Fact]
    public void Every_named_period_has_a_preceding_unit() =>
        NamedPeriods.Names.Concat(["this-quarter", "last-quarter", "this-year", "last-year", "last-30-days", "last-90-days"]).ShouldAllBe(period => PrecedingUnit.Of(period) != null);

    [Theory]
    [InlineData("this-quarter", "2026-05-31T10:00", "2026-02-28T10:00", "2026-03-01T00:00")]
    [InlineData("this-year", "2024-02-29T10:00", "2023-02-28T10:00", "2023-03-01T00:00")]
    public void Quarters_and_years_are_shifted_to_the_same_day_or_to_the_end_of_the_month(string period, string local, string bucket, string end)
    {
        var shift = PrecedingUnit.Of(period)!.Value;

        (shift.Back(LocalOf(local)) is { } back ? back == LocalOf(bucket) : period == "this-quarter").ShouldBeTrue();
        shift.BackEnd(LocalOf(local), LocalOf("2024-01-01T00:00")).ShouldBe(LocalOf(end));
    }

    [Fact]
    public void The_compared_interval_is_earlier_nonempty_and_aligned() =>
        Gen.Select(AggregatesClient.AnyQuery, Gen.Int[0, 2]).Sample(
            (query, compare) =>
            {
                var errors = new List<string>();
                if (Comparison.Resolve(Comparison.Names[compare], null, query.Interval, query.Zone, query.Granularity, errors.Add) is not { Interval: var interval })
                {
                    errors.ShouldNotBeEmpty();
                    return;
                }

                errors.ShouldBeEmpty();
                interval.From.ShouldBeLessThan(interval.To);
                interval.From.ShouldBeLessThan(query.Interval.From);
                interval.To.ShouldBeLessThanOrEqualTo(compare == 0 ? query.Interval.From : query.Interval.To);
                if (query.Granularity is { } granularity)
                {
                    BucketBoundaries.AtOrBefore(interval.From, granularity, query.Zone).ShouldBe(interval.From);
                }
            },
            iter: 5_000);

    private static AggregatesQuery Query(string query, Instant? now = null)
    {
        var values = query.Split('&').Select(part => part.Split('=')).ToDictionary(part => part[0], part => part[1]);
        return AggregatesClient.Query(
            new()
            {
                From = values.GetValueOrDefault("from"),
                To = values.GetValueOrDefault("to"),
                Last = values.GetValueOrDefault("last"),
                Period = values.GetValueOrDefault("period"),
                Granularity = values.GetValueOrDefault("granularity"),
                Compare = values["compare"],
                TimeZone = "Europe/Berlin",
            },
            now ?? AtLocal("2026-11-23T09:15"));
    }

    private static DateTimeZone Zone => DateTimeZoneProviders.Tzdb["Europe/Berlin"];

    private static Instant AtLocal(string local) => LocalOf(local).InZoneStrictly(Zone).ToInstant() + Duration.FromSeconds(20);

    private static LocalDateTime LocalOf(string text) => NodaTime.Text.LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-ddTHH:mm").Parse(text).Value;

    private static string Local(QueryInterval interval) => $"{Local(interval.From)}/{Local(interval.To)}";

    private static string Local(Instant instant) => instant.InZone(Zone).LocalDateTime.ToString("uuuu-MM-ddTHH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
