using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Reconciliation;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Conversations;

/// <summary>When a stream of GET /conversations starts, and how many streams there can be.</summary>
public sealed class ConversationStreamTests : IAsyncLifetime
{
    private const string Friday = "from=2026-11-20T08:00:00Z&to=2026-11-20T08:30:00Z";

    private readonly FakeTimeProvider _clock = new(SimulatedService.Monday);
    private readonly TaskCompletionSource _gate = new();
    private readonly IssuedKeys _keys = new();
    private SimulatedDetails _details = null!;
    private SimulatedService _given = null!;

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (var holder in new[] { "first", "second", "third" })
        {
            _keys.Add(holder, ("Scopes:0", "read"), ("Scopes:1", "details"));
        }

        _details = new SimulatedDetails(_clock) { Gate = _gate.Task };
        _given = await SimulatedService.StartAsync(
            new SimulatorSettings { Queues = 8, RequestsPerMinute = 1_000_000, Volume = 0.3 }, _keys.Settings, _clock, services => services.AddSingleton<IDetailsReader>(_details));
        _details.World = _given.Simulator.World;
    }

    public ValueTask DisposeAsync()
    {
        _gate.TrySetResult();
        return _given.DisposeAsync();
    }

    [Fact]
    public async Task One_caller_cannot_occupy_all_streams()
    {
        List<Task<HttpResponseMessage>> streams = [OpenAsync("first"), OpenAsync("first", "ndjson")];
        await Eventually.IsTrueAsync(() => _details.Selections.Count == 2, "two streams are read");

        (await RefusalAsync("first")).ShouldBe((HttpStatusCode.TooManyRequests, "The caller has 2 streams of conversations, the maximum (half of Conversations:MaxStreams). Read one to its end, or close it."));
        streams.AddRange([OpenAsync("second"), OpenAsync("second", "parquet")]);
        await Eventually.IsTrueAsync(() => _details.Selections.Count == 4, "another caller has streams too");
        (await RefusalAsync("third")).ShouldBe((HttpStatusCode.ServiceUnavailable, "4 streams of conversations are running (Conversations:MaxStreams). Try again later."));

        _gate.SetResult();
        foreach (var stream in streams)
        {
            using var response = await stream;
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            await response.Content.ReadAsByteArrayAsync(TestCancellation);
        }

        using var again = await OpenAsync("first");
        again.StatusCode.ShouldBe(HttpStatusCode.OK, "an ended stream does not count");
    }

    /// <summary>Callers and proxies wait for a response no longer than <c>Aggregates:Timeout</c>, but the first record of a long interval can take longer.</summary>
    [Theory]
    [InlineData("csv", "text/csv")]
    [InlineData("ndjson", "application/x-ndjson")]
    [InlineData("parquet", "application/vnd.apache.parquet")]
    public async Task A_stream_starts_before_its_first_record_if_reading_takes_long(string format, string mediaType)
    {
        var stream = OpenAsync("first", format);
        await Eventually.IsTrueAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return stream.IsCompleted;
            },
            "the response has started");

        using var response = await stream;
        _gate.SetResult();

        (response.StatusCode, response.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.OK, mediaType));
        (await response.Content.ReadAsByteArrayAsync(TestCancellation)).Length.ShouldBeGreaterThan(1_000);
    }

    [Fact]
    public async Task A_failure_before_the_response_has_started_has_an_error_status()
    {
        _details.Change = _ => throw new GenesysAnalyticsApi.Genesys.Failures.GenesysException(
            new(GenesysAnalyticsApi.Genesys.Failures.GenesysFailureKind.Unavailable, "Genesys is unavailable."));
        var stream = OpenAsync("first");
        await Eventually.IsTrueAsync(() => _details.Selections.Count == 1, "the stream is read");

        _gate.SetResult();

        using var response = await stream;
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData("json", null)]
    [InlineData("csv", null)]
    [InlineData("csv", "respond-async")]
    public async Task A_longer_interval_than_GET_aggregates_accepts_is_rejected_at_once(string format, string? prefer)
    {
        using var client = _keys.Of("first", _given.Service);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Prefer", prefer);

        using var response = await client.GetAsync(new Uri($"/conversations?last=P900D&format={format}", UriKind.Relative), TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await DetailAsync(response)).ShouldBe("The interval has 900 days; the maximum is 400 (Aggregates:MaxInterval). Use a later start or an earlier end.");
        _details.Selections.ShouldBeEmpty();
    }

    private async Task<HttpResponseMessage> OpenAsync(string holder, string format = "csv") => await _keys.Of(holder, _given.Service)
        .GetAsync(new Uri($"/conversations?{Friday}&format={format}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestCancellation);

    private async Task<(HttpStatusCode Status, string? Detail)> RefusalAsync(string holder)
    {
        using var response = await OpenAsync(holder);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(30));
        return (response.StatusCode, await DetailAsync(response));
    }

    private static async Task<string?> DetailAsync(HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestCancellation)).GetProperty("detail").GetString();
}
