using GenesysAnalyticsApi.Aggregates.Time;

namespace GenesysAnalyticsApi.Tests.Aggregates.Time;

public sealed class DurationParserTests
{
    [Theory]
    [InlineData("PT5M", "5m 5min PT5M PT300S 300s")]
    [InlineData("PT15M", "15m 900s 15-minutes")]
    [InlineData("PT30M", "30m 30min half-hour PT1800S pt30m")]
    [InlineData("PT1H", "PT60M 1h 1H hour hourly 60m pt1h PT3600S 1_hour PT0H60M")]
    [InlineData("PT12H", "12h 720m PT720M")]
    [InlineData("P1D", "1d 1D day daily P1d p1d")]
    [InlineData("P1W", "P7D 7d week weekly 1w p1w")]
    [InlineData("P1M", "month monthly 1mo p1m P1m")]
    [InlineData(null, "24h PT24H PT1440M PT168H 1M 30M PT1D P1H PT1M 1m PT20M P2D P30D P15M PT0S P1DT1H PT P - 15 h 2147483648d 1y")]
    public void A_granularity_is_found_by_any_notation_of_its_size_but_hours_are_not_days(string? expected, string texts) =>
        texts.Split(' ').ShouldAllBe(text => Equals(DurationParser.AsGranularity(text), expected == null ? null : Granularity.Find(expected)));

    [Theory]
    [InlineData("PT24H", "24h 24H pt24h 24hours")]
    [InlineData("PT30M", "30m 30min pt30m")]
    [InlineData("PT90M", "90m 90min")]
    [InlineData("P7D", "7d 7D p7d 7days 1w")]
    [InlineData("P1M", "1mo p1m 1month")]
    [InlineData("P12M", "1y")]
    [InlineData("PT10S", "pt10s PT10s")] // seconds, not milliseconds
    [InlineData("P1DT2H", "p1dt2h")]
    [InlineData(null, "1M 30M day week 24 P24H PT7D 1h30m 0h x")]
    public void A_duration_needs_a_number_and_a_clear_unit(string? expected, string texts) =>
        texts.Split(' ').ShouldAllBe(text => Equals(DurationParser.AsPeriod(text) == null ? null : DurationParser.AsPeriod(text)!.ToString(), expected));

    [Fact]
    public void Every_granularity_is_found_by_its_own_name_in_any_case() =>
        Granularity.All.ShouldAllBe(known => DurationParser.AsGranularity(known.Iso) == known && DurationParser.AsGranularity(known.Iso.ToLowerInvariant()) == known);
}
