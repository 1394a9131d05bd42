using System.Text;
using GenesysAnalyticsApi.Reconciliation.GenesysExports;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Reconciliation.GenesysExports;

/// <summary>Rows of an export at a clock change. A row is never read as that of another hour.</summary>
public sealed class ClockChangeTests
{
    private const string Twice = "its times occur twice, because the clocks are set back";
    private const string Never = "its start does not exist, because the clocks are set forward";

    private static readonly DateTimeZone Berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];

    /// <summary>An export may print the end of a row as the next local time, as the last second of the row, or as counted from its start.</summary>
    [Theory]
    [InlineData("01:00", "02:00", 23, 24)]
    [InlineData("01:00", "01:59:59", 23, 24)]
    [InlineData("02:00", "02:00", 24, 25)]
    [InlineData("02:30", "02:00", 24.5, 25)]
    [InlineData("03:00", "04:00", 26, 27)]
    [InlineData("00:00", "04:00", 22, 27)]
    public void A_row_next_to_a_repeated_hour_has_the_right_interval(string from, string to, double start, double end)
    {
        var row = Read("2026-10-25", (from, to)).Rows.ShouldHaveSingleItem();

        var midnight = Instant.FromUtc(2026, 10, 24, 0, 0);
        (row.From, row.To).ShouldBe((midnight + Duration.FromHours(start), midnight + Duration.FromHours(end)));
    }

    [Theory]
    [InlineData("02:00", "03:00")]
    [InlineData("02:00", "02:59:59")]
    [InlineData("02:00", "02:30")]
    [InlineData("02:30", "03:00")]
    public void A_row_of_a_repeated_hour_is_not_compared(string from, string to)
    {
        var export = Read("2026-10-25", ("00:00", "01:00"), (from, to), (from, to), ("03:00", "04:00"));

        export.Rows.Select(row => row.Line).ShouldBe([2, 5]);
        export.NotCompared.Select(row => (row.Line, row.Reason)).ShouldBe([(3, Twice), (4, Twice)]);
        ExportQueries.Of(export.Rows, Berlin, _ => "A").ShouldHaveSingleItem().Parameters.Granularity.ShouldBe("PT1H");
    }

    [Fact]
    public void Rows_next_to_a_skipped_hour_have_the_same_length()
    {
        var export = Read("2026-03-29", ("01:00", "02:00"), ("02:00", "03:00"), ("03:00", "04:00"));

        export.Rows.Select(row => (row.From, row.To)).ShouldBe(
            [(Instant.FromUtc(2026, 3, 29, 0, 0), Instant.FromUtc(2026, 3, 29, 1, 0)), (Instant.FromUtc(2026, 3, 29, 1, 0), Instant.FromUtc(2026, 3, 29, 2, 0))]);
        export.NotCompared.Select(row => (row.Line, row.Reason)).ShouldBe([(3, Never)]);
        ExportQueries.Of(export.Rows, Berlin, _ => "A").ShouldHaveSingleItem().Parameters.Granularity.ShouldBe("PT1H");
    }

    [Fact]
    public void Half_hours_that_are_skipped_are_not_compared()
    {
        var export = Read("2026-03-29", ("01:30", "02:00"), ("02:00", "02:30"), ("02:30", "03:00"), ("03:00", "03:30"));

        export.Rows.Select(row => row.Line).ShouldBe([2, 5]);
        export.NotCompared.Select(row => row.Reason).ShouldBe([Never, Never]);
    }

    private static PerformanceExport Read(string day, params (string From, string To)[] rows) => ExportReader.Read(
        Encoding.UTF8.GetBytes($"Queue Name,Interval Start,Interval End,Offer\n{string.Join('\n', rows.Select(row => $"A,{day} {row.From},{day} {row.To},1"))}"), new(Berlin, null));
}
