using System.Globalization;
using CsCheck;
using GenesysAnalyticsApi.Reconciliation.GenesysExports;

namespace GenesysAnalyticsApi.Tests.Reconciliation.GenesysExports;

public sealed class ExportedNumberTests
{
    [Theory]
    [InlineData("51181", 51_181, 1)]
    [InlineData("51,181", 51_181, 1)]
    [InlineData("51181.5", 51_181.5, 0.1)]
    [InlineData("51181,25", 51_181.25, 0.01)]
    [InlineData("1,051,181.5", 1_051_181.5, 0.1)]
    [InlineData("0,476", 0.476, 0.001)]
    [InlineData("0:00:51,181", 51_181, 1)]
    [InlineData("0:00:51", 51_000, 1_000)]
    [InlineData("0:51.2", 51_200, 100)]
    [InlineData("26:00:51.181", 93_651_181, 1)]
    public void Durations_are_milliseconds_with_the_precision_of_their_last_digit(string field, double value, double step)
    {
        var number = Parse("Avg Handle", field)!.Value;

        number.Value.ShouldBe(value, 1e-6);
        number.Step.ShouldBe(step, 1e-9);
    }

    [Theory]
    [InlineData("Avg Handle (s)", "51.2", 51_200)]
    [InlineData("Avg Handle (sec)", "51", 51_000)]
    [InlineData("Avg Handle (min)", "1.5", 90_000)]
    [InlineData("Avg Handle (ms)", "51", 51)]
    public void The_header_can_name_a_unit(string header, string field, double value) => Parse(header, field)!.Value.Value.ShouldBe(value, 1e-6);

    [Theory]
    [InlineData("1:2:3:4")]
    [InlineData("1:60:00")]
    [InlineData("1:00:60")]
    [InlineData("1:0")]
    [InlineData("-1:00")]
    [InlineData("1e3")]
    [InlineData("NaN")]
    public void Any_other_text_is_not_a_duration(string field) => Parse("Avg Handle", field).ShouldBeNull();

    /// <summary>A figure agrees with its printed form, rounded or truncated. A figure that is two steps larger does not.</summary>
    [Fact]
    public void A_figure_agrees_with_its_printed_form() => Gen.Select(Gen.Double[0, 10_000_000], Gen.Int[0, 3], Gen.Bool).Sample((figure, digits, isFloored) =>
    {
        var shown = isFloored ? Math.Floor(figure * Math.Pow(10, digits)) / Math.Pow(10, digits) : Math.Round(figure, digits);
        var number = Parse("Avg Handle", shown.ToString($"F{digits}", CultureInfo.InvariantCulture))!.Value;

        number.Agrees(figure).ShouldBeTrue();
        number.Agrees(figure + (2 * number.Step)).ShouldBeFalse();
    });

    [Theory]
    [InlineData("0", 0.0839)]
    [InlineData("1", 0.665)]
    public void A_ratio_without_a_fraction_does_not_agree_with_every_ratio(string shown, double figure)
    {
        Parse("Abandon %", shown)!.Value.Agrees(figure).ShouldBeFalse();
        Parse("Abandon %", shown)!.Value.Agrees(figure > 0.5 ? 0.995 : 0.005).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Offer", "1.000", 1_000)]
    [InlineData("Offer", "1.312", 1_312)]
    [InlineData("Offer", "1,877", 1_877)]
    [InlineData("Avg Handle", "442.185", 442_185)]
    [InlineData("Avg Handle", "1.442.185,5", 1_442_185.5)]
    [InlineData("Avg Handle", "442.18", 442.18)]
    [InlineData("Avg Handle", "0.185", 0.185)]
    [InlineData("Abandon %", "12.345%", 0.12345)]
    public void If_the_comma_is_the_decimal_separator_dots_separate_thousands(string header, string field, double value) =>
        ExportedNumber.Parse(field, ExportColumns.Of(new CsvLine(1, ["Queue", header]))[1], isPercentage: false, decimalComma: true, _ => { })!.Value.Value.ShouldBe(value, 1e-9);

    [Fact]
    public void Counts_and_sums_of_milliseconds_agree_only_if_they_are_equal() => Gen.Select(Gen.Long[0, 1L << 50], Gen.Long[-3, 3]).Sample((figure, difference) =>
        new ExportedNumber(figure, 1).Agrees(figure + difference).ShouldBe(difference == 0));

    private static ExportedNumber? Parse(string header, string field) =>
        ExportedNumber.Parse(field, ExportColumns.Of(new CsvLine(1, ["Queue", header]))[1], isPercentage: false, decimalComma: false, _ => { });
}
