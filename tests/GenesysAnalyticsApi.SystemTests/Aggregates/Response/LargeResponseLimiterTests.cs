using System.Globalization;
using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observability.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Response;

/// <summary>Concurrent large responses: each counts against the row limit until the caller has read it.</summary>
public sealed class LargeResponseLimiterTests
{
    /// <summary>Slightly more than 10,000 rows each.</summary>
    private static readonly string[] Weeks = ["2026-09-07&to=2026-09-12", "2026-09-14&to=2026-09-19", "2026-09-21&to=2026-09-26"];

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_large_response_over_the_limit_waits_and_small_ones_do_not()
    {
        await using var given = await StartAsync();
        using var counted = new RecordedMetrics(given.Service);
        await CacheWeeksAsync(given);
        using var first = await StartResponseAsync(given, Weeks[0]);
        using var second = await StartResponseAsync(given, Weeks[1]);
        (first.StatusCode, second.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
        counted.Now("work.rows").ShouldBeInRange(2 * LargeResponseLimiter.MaxUnlimitedRows, 40_000);

        var third = StartResponseAsync(given, Weeks[2]);
        await Eventually.IsTrueAsync(() => counted.Now("work.rows.waiting") > LargeResponseLimiter.MaxUnlimitedRows, "the third response waits");
        var small = await given.QueryAsync("/aggregates?from=2026-09-21&to=2026-09-26&granularity=PT1H");
        third.IsCompleted.ShouldBeFalse();
        await first.Content.ReadAsByteArrayAsync(TestCancellation);
        using var waited = await third;

        small.GetProperty("records").GetArrayLength().ShouldBeInRange(1, LargeResponseLimiter.MaxUnlimitedRows);
        waited.StatusCode.ShouldBe(HttpStatusCode.OK);
        counted.Now("work.rows.waiting").ShouldBe(0);
        counted.Sum("work.refusals", "reason=rows").ShouldBe(0);
    }

    [Fact]
    public async Task A_large_response_that_waits_until_the_deadline_is_rejected_with_RetryAfter()
    {
        await using var given = await StartAsync();
        using var counted = new RecordedMetrics(given.Service);
        await CacheWeeksAsync(given);
        using var first = await StartResponseAsync(given, Weeks[0]);
        using var second = await StartResponseAsync(given, Weeks[1]);
        var inProgress = counted.Now("work.rows");

        var pending = StartResponseAsync(given, Weeks[2]);
        await Eventually.IsTrueAsync(() => counted.Now("work.rows.waiting") > 0, "the third response waits");
        given.FakeClock.Advance(TimeSpan.FromMinutes(1));
        using var refused = await pending;
        var problem = JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync(TestCancellation));

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(10));
        problem.GetProperty("type").GetString().ShouldBe("/problems/overloaded");
        problem.GetProperty("detail").GetString()!.ShouldContain(
            string.Create(CultureInfo.InvariantCulture, $"rows, and large responses with {inProgress} rows are in progress; together, they may have at most 40000 (Aggregates:MaxRows)."));
        counted.Sum("work.refusals", "reason=rows").ShouldBe(1);
        (counted.Now("work.rows"), counted.Now("work.rows.waiting")).ShouldBe((inProgress, 0));
    }

    [Fact]
    public async Task No_caller_is_rejected_when_many_send_the_same_query_at_once()
    {
        await using var given = await StartAsync();
        using var counted = new RecordedMetrics(given.Service);
        var query = Query(Weeks[0]) + "&groupBy=none";

        var responses = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => given.QueryAsync(query)));

        responses.Select(response => response.GetProperty("records").GetRawText()).Distinct().ShouldHaveSingleItem();
        counted.Sum("work.refusals", "reason=rows").ShouldBe(0);
        await Eventually.IsTrueAsync(() => counted.Now("work.rows") == 0 && counted.Now("work.rows.waiting") == 0, "no response is in progress");
    }

    [Fact]
    public async Task A_caller_that_disconnects_frees_the_rows_of_its_response()
    {
        await using var given = await StartAsync();
        using var counted = new RecordedMetrics(given.Service);

        (await StartResponseAsync(given, Weeks[0])).Dispose();

        await Eventually.IsTrueAsync(() => counted.Now("work.rows") == 0, "no response is in progress");
    }

    [Fact]
    public async Task A_minimum_data_rate_applies_to_large_responses_only()
    {
        var recorder = new DataRateRecorder();
        await using var given = await SimulatedService.StartAsync(
            replace: services => services.AddSingleton<IStartupFilter>(recorder));

        await given.QueryAsync("/aggregates?from=2026-09-01&to=2026-09-02");
        recorder.MinDataRate.ShouldBeNull();
        await given.QueryAsync(Query(Weeks[0]));
        recorder.MinDataRate.ShouldBe(LargeResponseLimiter.MinReadRate);
    }

    /// <summary>Caches all weeks, so that requests wait only for the row limit.</summary>
    private static async Task CacheWeeksAsync(SimulatedService given)
    {
        foreach (var week in Weeks)
        {
            await given.QueryAsync(Query(week));
        }
    }

    private static Task<SimulatedService> StartAsync() => SimulatedService.StartAsync(
        settings: new() { ["Aggregates:StreamRows"] = "10000", ["Aggregates:MaxRows"] = "40000" });

    private static string Query(string interval) => $"/aggregates?from={interval}&granularity=PT5M&fill=zero";

    private static Task<HttpResponseMessage> StartResponseAsync(SimulatedService given, string interval) =>
        given.Client.GetAsync(new Uri(Query(interval), UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestCancellation);

    /// <summary>Records the minimum data rate that the service sets for a response.</summary>
    private sealed class DataRateRecorder : IStartupFilter, IHttpMinResponseDataRateFeature
    {
        public MinDataRate? MinDataRate { get; set; }

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, following) =>
            {
                http.Features.Set<IHttpMinResponseDataRateFeature>(this);
                return following(http);
            });
            next(app);
        };
    }
}
