using System.IO.Compression;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Serilog.Events;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Response;

/// <summary>Responses with more records than <c>Aggregates:StreamRows</c> are sent while they are written, and never buffered as a whole.</summary>
public sealed class StreamedResponseTests
{
    private const string Week = "/aggregates?from=2026-11-02&to=2026-11-09&granularity=PT1H";

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task A_streamed_response_equals_the_buffered_one_except_for_its_ETag(string? coding)
    {
        await using var whole = await SimulatedService.StartAsync();
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Aggregates:StreamRows"] = "100" });
        using var expected = await whole.Client.GetAsync(new Uri(Week, UriKind.Relative), TestCancellation);

        // If the response were cached, the second of two equal queries would get it from the cache.
        using var first = await SendAsync(given, coding);
        using var second = await SendAsync(given, coding);

        var body = await expected.Content.ReadAsStringAsync(TestCancellation);
        body.Length.ShouldBeGreaterThan(500_000);
        (await DecodedAsync(first, coding)).ShouldBe(body);
        (await DecodedAsync(second, coding)).ShouldBe(body);
        (first.Headers.ETag, first.Content.Headers.ContentLength).ShouldBe((null, null));
        first.Headers.CacheControl!.ToString().ShouldBe(expected.Headers.CacheControl!.ToString());
        first.Headers.GetValues("X-Slices").ShouldBe(expected.Headers.GetValues("X-Slices"));
        first.Content.Headers.ContentType.ShouldBe(expected.Content.Headers.ContentType);
    }

    [Fact]
    public async Task A_response_with_exactly_StreamRows_records_is_not_streamed()
    {
        await using var given = await SimulatedService.StartAsync();
        var rows = (await given.QueryAsync(Week)).GetProperty("records").GetArrayLength();
        await using var service = await SimulatedService.StartAsync(settings: new() { ["Aggregates:StreamRows"] = $"{rows}" });

        using var response = await SendAsync(service, null);

        response.Headers.ETag.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_caller_that_disconnects_midway_is_not_logged_as_an_error()
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Aggregates:StreamRows"] = "100" });
        using (var response = await given.Client.GetAsync(new Uri(Week, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestCancellation))
        {
            var some = new byte[1_000];
            await (await response.Content.ReadAsStreamAsync(TestCancellation)).ReadExactlyAsync(some, TestCancellation);
        }

        await given.Service.Log.NextRequestAsync();
        given.Service.Log.Events.ShouldAllBe(line => line.Level < LogEventLevel.Error);
    }

    private static Task<HttpResponseMessage> SendAsync(SimulatedService given, string? coding)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Week, UriKind.Relative));
        if (coding is not null)
        {
            request.Headers.AcceptEncoding.ParseAdd(coding);
        }

        return given.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestCancellation);
    }

    private static async Task<string> DecodedAsync(HttpResponseMessage response, string? coding)
    {
        response.Content.Headers.ContentEncoding.ShouldBe(coding is null ? [] : [coding]);
        var sent = await response.Content.ReadAsStreamAsync(TestCancellation);
        using var text = new StreamReader(coding switch
        {
            "br" => new BrotliStream(sent, CompressionMode.Decompress),
            "gzip" => new GZipStream(sent, CompressionMode.Decompress),
            _ => sent,
        });
        return await text.ReadToEndAsync(TestCancellation);
    }
}
