using System.Net;
using System.Text.Json;
using CsCheck;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>What callers get while Genesys is unavailable: the last figures, labeled stale, or a problem.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task The_last_cached_figures_are_returned_as_stale()
    {
        await using var given = await SimulatedService.StartAsync();
        const string Today = "/aggregates?from=2026-11-23T08:00Z&to=2026-11-23T09:00Z&granularity=PT1H";
        var warm = await given.QueryAsync(Today);
        given.Simulator.Faults.Add(FaultNames.MissingPermission);
        given.FakeClock.Advance(TimeSpan.FromMinutes(6));

        using var response = await given.Client.GetAsync(new Uri(Today, UriKind.Relative), TestContext.Current.CancellationToken);
        var stale = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        stale.GetProperty("meta").GetProperty("stale").GetBoolean().ShouldBeTrue();
        stale.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeTrue();
        stale.GetProperty("meta").GetProperty("asOf").GetString().ShouldBe(warm.GetProperty("meta").GetProperty("asOf").GetString());
        stale.GetProperty("meta").GetProperty("warnings")[0].GetProperty("code").GetString().ShouldBe("stale");
        stale.GetProperty("records").GetRawText().ShouldBe(warm.GetProperty("records").GetRawText());
        response.Headers.CacheControl!.ToString().ShouldBe("no-store");
        response.Headers.GetValues("X-Slices").ShouldBe(["cached=0, fetched=0, stale=1, failed=0"]);
    }

    [Fact]
    public async Task The_readiness_endpoint_reports_the_outage_and_stays_200()
    {
        await using var given = await SimulatedService.StartAsync();
        await given.QueryAsync("/queues");
        var before = await given.QueryAsync("/health/ready");
        given.Simulator.Faults.Add(FaultNames.MissingPermission);
        for (var day = 10; day < 13; day++)
        {
            using var refused = await given.Client.GetAsync(new Uri($"/aggregates?from=2026-11-{day}&to=2026-11-{day + 1}&granularity=PT1H", UriKind.Relative), TestContext.Current.CancellationToken);
        }

        var during = (await given.QueryAsync("/health/ready")).GetProperty("checks").GetProperty("genesys");

        before.GetProperty("checks").GetProperty("genesys").GetProperty("condition").GetString().ShouldBe("ok");
        during.GetProperty("condition").GetString().ShouldBe("down");
        during.GetProperty("since").GetDateTimeOffset().ShouldBe(SimulatedService.Monday);
    }

    [Fact]
    public async Task Figures_older_than_a_week_are_not_returned()
    {
        await using var given = await SimulatedService.StartAsync();
        const string Day = "/aggregates?from=2026-11-10&to=2026-11-11&granularity=PT1H";
        await given.QueryAsync(Day);
        given.Simulator.Faults.Add(FaultNames.MissingPermission, path: "/api/v2/analytics");
        given.FakeClock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));

        using var response = await given.Client.GetAsync(new Uri(Day, UriKind.Relative), TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task A_half_cached_query_is_partial_or_fails_if_the_caller_denies_partial_results()
    {
        await using var given = await SimulatedService.StartAsync();
        await given.QueryAsync("/aggregates?from=2026-11-10&to=2026-11-11&granularity=PT1H");
        given.Simulator.Faults.Add(FaultNames.RateLimitHours, path: "/api/v2/analytics");
        const string Both = "/aggregates?from=2026-11-10&to=2026-11-12&granularity=PT1H";

        var half = await given.QueryAsync(Both);
        using var none = await given.Client.GetAsync(new Uri(Both + "&partial=deny", UriKind.Relative), TestContext.Current.CancellationToken);

        half.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeFalse();
        half.GetProperty("meta").GetProperty("failedSlices").EnumerateArray().ShouldHaveSingleItem().GetProperty("from").GetString().ShouldBe("2026-11-11T00:00:00Z");
        half.GetProperty("records").EnumerateArray().ShouldAllBe(record => record.GetProperty("complete").GetBoolean());
        none.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        none.Headers.RetryAfter.ShouldNotBeNull();
    }

    /// <summary>Whether slices are fresh, stale or missing, every figure is correct as of its fetch, or the response says that it is incomplete.</summary>
    [Fact]
    public async Task Any_cache_state_returns_correct_figures_or_an_incomplete_response()
    {
        await using var given = await SimulatedService.StartAsync();
        const string Days = "/aggregates?from=2026-11-08&to=2026-11-16&granularity=PT6H";
        var truth = (await given.QueryAsync(Days)).GetProperty("records").EnumerateArray().ToDictionary(Key, Figures);

        foreach (var state in Gen.Int[0, 2].Array[8].Array[12].Single())
        {
            await using var service = given.Replica();
            using var client = service.CreateClient();
            given.Simulator.Faults.Clear();
            for (var day = 0; day < 8; day++)
            {
                // 0: not cached; 1: cached and fresh; 2: cached, but the refetch fails.
                if (state[day] > 0)
                {
                    await given.QueryAsync($"/aggregates?from=2026-11-{day + 8:00}&to=2026-11-{day + 9:00}&granularity=PT6H", client);
                }
            }

            given.Simulator.Faults.Add(FaultNames.RateLimitHours, path: "/api/v2/analytics");
            using var response = await client.GetAsync(
                new Uri(Days + (state.Contains(2) ? "&maxAge=0" : ""), UriKind.Relative), TestContext.Current.CancellationToken);
            if (state.All(kept => kept == 0))
            {
                response.IsSuccessStatusCode.ShouldBeFalse();
                continue;
            }

            var result = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            result.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBe(!state.Contains(0));
            result.GetProperty("meta").GetProperty("stale").GetBoolean().ShouldBe(state.Contains(2));
            var found = result.GetProperty("records").EnumerateArray().ToDictionary(Key, Figures);
            found.ShouldAllBe(record => truth[record.Key] == record.Value);
            found.Count.ShouldBe(truth.Keys.Count(key => state[int.Parse(key.Split('|')[2][8..10], null) - 8] > 0));
        }
    }

    private static string Key(JsonElement record) =>
        $"{record.GetProperty("queueId")}|{record.GetProperty("mediaType")}|{record.GetProperty("from")}";

    private static string Figures(JsonElement record) => record.GetRawText().Split("\"complete\"")[0];
}
