using CsCheck;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates.Time;

/// <summary>Compares the runs of a filter with the local time of every minute, in zones with every kind of clock change.</summary>
public sealed class LocalTimeFilterTests
{
    [Fact]
    public void An_instant_is_in_a_run_if_and_only_if_the_filter_includes_its_local_time() =>
        Gen.Select(AggregatesClient.Zone, GenLocalTime.Filter).SelectMany((zone, filter) => AggregatesClient.Moment(zone).Select(Gen.Int[1, 60 * 72], (from, minutes) => (zone, filter, from, minutes)))
            .Sample(
                (zone, filter, from, minutes) =>
                {
                    var runs = filter.IncludedIntervals(from, from + Duration.FromMinutes(minutes), zone);

                    var at = 0;
                    for (var minute = 0; minute < minutes; minute++)
                    {
                        var instant = from + Duration.FromMinutes(minute);
                        at += at < runs.Count && runs[at].To <= instant ? 1 : 0;
                        if ((at < runs.Count && runs[at].From <= instant) != GenLocalTime.Includes(filter, instant.InZone(zone).LocalDateTime))
                        {
                            Assert.Fail($"{instant} ({instant.InZone(zone)}) in {string.Join(", ", runs)}");
                        }
                    }

                    runs.Zip(runs.Skip(1)).ShouldAllBe(pair => pair.First.To < pair.Second.From);
                },
                iter: 1_000);

    [Theory]
    [InlineData("08:00-20:00", 60)]
    [InlineData("08:30-20:00", 30)]
    [InlineData("08:30-20:45", 15)]
    [InlineData("22:10-06:00", 5)]
    public void The_grid_is_as_coarse_as_the_hours_allow(string hours, int expected) =>
        GenLocalTime.Of(hours, "").Grain.ShouldBe((FetchGranularity)expected);

    [Theory]
    [InlineData("mon,tue,WED", "mon,tue,wed")]
    [InlineData("Sunday,monday", "mon,sun")]
    [InlineData("fri-mon", "mon,fri,sat,sun")]
    [InlineData("mon-fri,wed", "mon,tue,wed,thu,fri")]
    [InlineData("sat-sat", "sat")]
    public void Weekdays_are_read_in_every_notation(string given, string expected) =>
        string.Join(',', GenLocalTime.Of("", given).Weekdays.Select(Weekdays.Print)).ShouldBe(expected);

    [Theory]
    [InlineData("22:00-00:00", "22:00-24:00")]
    [InlineData("22:00-06:00", "22:00-06:00")]
    [InlineData("20:00-22:00,08:00-12:00,20:00-22:00", "08:00-12:00,20:00-22:00")]
    public void Hours_are_printed_in_one_form(string given, string expected) => string.Join(',', GenLocalTime.Of(given, "").Hours).ShouldBe(expected);

    [Fact]
    public void Without_hours_and_weekdays_there_is_no_filter() => ShapingRules.LocalTimeOf(new()).ShouldBeNull();
}
