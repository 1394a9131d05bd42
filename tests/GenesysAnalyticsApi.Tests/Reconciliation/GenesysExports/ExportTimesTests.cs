using GenesysAnalyticsApi.Reconciliation.GenesysExports;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Reconciliation.GenesysExports;

public sealed class ExportTimesTests
{
    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];

    [Theory]
    [InlineData("2026-11-16T08:30")]
    [InlineData("2026-11-16T08:30:00.000")]
    [InlineData("2026-11-16 08:30")]
    [InlineData("2026-11-16 8:30 AM")]
    [InlineData("2026-11-16T07:30:00Z")]
    [InlineData("2026-11-16T08:30+01:00")]
    [InlineData("11/16/26 8:30 AM")]
    [InlineData("11/16/2026, 8:30:00 AM")]
    [InlineData("16/11/2026 08:30")]
    [InlineData("16.11.2026 08:30:00")]
    [InlineData("16.11.26 08:30")]
    public void A_time_is_read_in_every_notation(string text) => new ExportTimes([text], Berlin).Of(text, isEnd: false, Fail)!.Instants.ShouldBe([Instant.FromUtc(2026, 11, 16, 7, 30)]);

    [Theory]
    [InlineData("11/16/31", 2031)]
    [InlineData("16.11.99", 2099)]
    [InlineData("11/16/12", 2012)]
    public void Two_digit_years_are_in_this_century(string text, int year) => new ExportTimes([text], DateTimeZone.Utc).Of(text, isEnd: false, Fail)!.Instants.ShouldBe([Instant.FromUtc(year, 11, 16, 0, 0)]);

    [Fact]
    public void One_date_decides_for_all_whether_the_day_comes_first()
    {
        new ExportTimes(["1/2/2026", "1/13/2026"], DateTimeZone.Utc).Of("1/2/2026", isEnd: false, Fail)!.Instants.ShouldBe([Instant.FromUtc(2026, 1, 2, 0, 0)]);
        new ExportTimes(["1/2/2026", "13/2/2026"], DateTimeZone.Utc).Of("1/2/2026", isEnd: false, Fail)!.Instants.ShouldBe([Instant.FromUtc(2026, 2, 1, 0, 0)]);
        new ExportTimes(["1/2/2026", "13/2/2026"], DateTimeZone.Utc).Of("2/13/2026", isEnd: false, _ => { }).ShouldBeNull();
    }

    [Theory]
    [InlineData("11/16/26 11:59 PM", 22, 59)]
    [InlineData("11/16/26 11:59:59 PM", 23, 0)]
    [InlineData("2026-11-16T23:59:59.999", 23, 0)]
    public void The_last_second_of_a_minute_is_its_end(string text, int hour, int minute) =>
        new ExportTimes([text], Berlin).Of(text, isEnd: true, Fail)!.Instants.ShouldBe([Instant.FromUtc(2026, 11, 16, hour, minute)]);

    [Theory]
    [InlineData("yesterday", "is not a time: use a format such as 2026-11-01T08:00, 2026-11-01 08:00, 11/1/26 8:00 AM or 1.11.2026 08:00.")]
    [InlineData("TODAY", "is not a time: use a format such as 2026-11-01T08:00, 2026-11-01 08:00, 11/1/26 8:00 AM or 1.11.2026 08:00.")]
    [InlineData("", "is not a time: use a format such as 2026-11-01T08:00, 2026-11-01 08:00, 11/1/26 8:00 AM or 1.11.2026 08:00.")]
    [InlineData("2026-13-01", OutOfRange)]
    [InlineData("2026-11-16T23:59:60", OutOfRange)]
    [InlineData("2011-12-31", OutOfRange)]
    [InlineData("2012-01-01", OutOfRange)] // still 2011 in UTC
    [InlineData("31.12.2011", OutOfRange)]
    [InlineData("-0001-12-31T23:00", OutOfRange)]
    [InlineData("9999-12-31T23:00", OutOfRange)]
    [InlineData("9999-12-31T23:59:59", OutOfRange)]
    [InlineData("12/31/9999 11:59:59 PM", OutOfRange)]
    [InlineData("9999-12-31T23:59:59Z", OutOfRange)]
    public void Any_other_text_is_an_error_that_says_what_is_accepted(string text, string expected)
    {
        foreach (var isEnd in new[] { false, true })
        {
            var errors = new List<string>();

            new ExportTimes([text], Berlin).Of(text, isEnd, errors.Add).ShouldBeNull();
            errors.ShouldBe([$"'{text}' {expected}"]);
        }
    }

    private const string OutOfRange = "is out of range: use a valid date and time from 2012-01-01T00:00:00Z to the year 9998.";

    private static void Fail(string message) => throw new InvalidOperationException(message);
}
