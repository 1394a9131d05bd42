using GenesysAnalyticsApi.Reconciliation.GenesysExports;

namespace GenesysAnalyticsApi.Tests.Reconciliation.GenesysExports;

public sealed class CsvParserTests
{
    [Theory]
    [InlineData("a,b", "a|b")]
    [InlineData(" a , \"b, c\" ", "a|b, c")]
    [InlineData("\"a \"\"b\"\"\",\"\"", "a \"b\"|")]
    [InlineData("a \"b\",5\"", "a \"b\"|5\"")]
    public void Quotes_enclose_a_field_only_at_its_start(string text, string expected) => string.Join('|', CsvParser.Read(text, ',').ShouldHaveSingleItem().Fields).ShouldBe(expected);

    [Theory]
    [InlineData("\"a\" b,c", "'b' follows a closing quote")]
    [InlineData("\"a\" \"b\",c", "'\"' follows a closing quote")]
    public void Text_after_a_closing_quote_is_rejected(string text, string expected) =>
        Should.Throw<UnreadableExportException>(() => CsvParser.Read(text, ',')).Message.ShouldContain(expected);

    [Theory]
    [InlineData("\"a\nb\",c\n\"d\" e")]
    [InlineData("\"a\rb\",c\r\"d\" e")]
    [InlineData("\"a\r\nb\",c\r\n\"d\" e")]
    public void Errors_count_lines_within_quotes_by_any_line_ending(string text) =>
        Should.Throw<UnreadableExportException>(() => CsvParser.Read(text, ',')).Message.ShouldStartWith("Line 3, column 1:");

    /// <summary>A field with many quotes must not be copied at each quote.</summary>
    [Fact]
    public void Reading_takes_no_more_memory_than_a_few_copies_of_the_text()
    {
        var text = "x" + new string('"', 20_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        CsvParser.Read(text, ',');

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(20 * text.Length);
    }
}
