using GenesysAnalyticsApi.Aggregates.Request;

namespace GenesysAnalyticsApi.Tests.Aggregates.Request;

public sealed class ResponseFormatTests
{
    [Theory]
    [InlineData("", "json")]
    [InlineData("*/*", "json")]
    [InlineData("application/json", "json")]
    [InlineData("application/*", "json")]
    [InlineData("text/*", "csv")]
    [InlineData("text/csv", "csv")]
    [InlineData("TEXT/CSV; charset=utf-8", "csv")]
    [InlineData("text/plain", "table")]
    [InlineData("text/plain;q=0.5, text/csv", "csv")]
    [InlineData("text/csv;q=0.5, text/plain", "table")]
    [InlineData("text/csv, */*", "csv")]
    [InlineData("*/*;q=0.8, text/csv;q=0.1", "json")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "json")]
    [InlineData("application/x-ndjson", "ndjson")]
    [InlineData("application/ndjson", "ndjson")]
    [InlineData("application/vnd.apache.parquet", "parquet")]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", "openmetrics")]
    [InlineData("*/*, application/json;q=0", "ndjson")]
    [InlineData("not a media type, text/csv", "csv")]
    [InlineData("*;q=.2, text/csv;q=.1", "csv")]
    [InlineData("*", "json")]
    public void The_Accept_header_selects_the_format(string accept, string format) => ResponseFormat.Accepted(accept)!.Name.ShouldBe(format);

    [Theory]
    [InlineData("image/png")]
    [InlineData("not a media type")]
    [InlineData("text/csv;q=abc")]
    [InlineData("text/html")]
    [InlineData("application/json;q=0")]
    public void An_Accept_header_that_excludes_every_format_gives_a_406(string accept)
    {
        ResponseFormat.Accepted(accept).ShouldBeNull();
        ResponseFormat.NotAcceptable(accept).Problem.Status.ShouldBe(406);
    }

    [Fact]
    public void The_format_parameter_takes_precedence_over_the_Accept_header() => ResponseFormat.Of("csv", accepted: null).ShouldBe(ResponseFormat.Csv);
}
