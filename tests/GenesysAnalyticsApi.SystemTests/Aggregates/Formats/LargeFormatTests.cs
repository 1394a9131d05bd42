using System.Net;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.SystemTests.Aggregates.Formats.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Formats;

/// <summary>Responses with more records than <c>Aggregates:StreamRows</c>, in every format.</summary>
public sealed class LargeFormatTests
{
    private const string Week = "/aggregates?from=2026-11-02&to=2026-11-09&granularity=PT1H";

    [Theory]
    [InlineData("ndjson")]
    [InlineData("csv")]
    [InlineData("xlsx")]
    [InlineData("parquet")]
    public async Task A_streamed_format_has_all_records(string format)
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Aggregates:StreamRows"] = "100" });
        var expected = FormatReader.Json(await BodyAsync(given, "json"));

        var body = await BodyAsync(given, format);

        expected.Count.ShouldBeGreaterThan(100);
        (format switch
        {
            "ndjson" => FormatReader.Ndjson(body).Count,
            "csv" => FormatReader.Csv(body).Count,
            "parquet" => FormatReader.Parquet(body).Count,
            _ => FormatReader.Sheet(body, 1).Count - 1,
        }).ShouldBe(expected.Count);
    }

    [Theory]
    [InlineData("table")]
    [InlineData("openmetrics")]
    public async Task A_format_that_cannot_be_streamed_is_rejected_before_any_Genesys_request(string format)
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Aggregates:StreamRows"] = "100" });

        using var response = await given.Client.GetAsync(new Uri($"{Week}&format={format}", UriKind.Relative), TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var detail = (string)JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["detail"]!;
        detail.ShouldContain($"'format' {format} can have at most 100 (Aggregates:StreamRows). Use json, ndjson, csv, xlsx, parquet, or request fewer rows.");
        given.Simulator.Calls.ShouldNotContain(call => call.Path.EndsWith("/aggregates/query", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_format_has_a_writer_that_supports_what_the_format_declares()
    {
        using var service = new RunningService();
        var writers = service.Services.GetServices<IResponseWriter>().ToDictionary(writer => writer.Format);

        writers.Keys.ShouldBe(ResponseFormat.All, ignoreOrder: true);
        ResponseFormat.All.ShouldAllBe(format => format.IsStreamed == (writers[format] is IStreamedWriter) && format.IsSegmented == (writers[format] is ISegmentedWriter));
    }

    private static Task<byte[]> BodyAsync(SimulatedService given, string format) =>
        given.Client.GetByteArrayAsync(new Uri($"{Week}&format={format}", UriKind.Relative), TestContext.Current.CancellationToken);
}
