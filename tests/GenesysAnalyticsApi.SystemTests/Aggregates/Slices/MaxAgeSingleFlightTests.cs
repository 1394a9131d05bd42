using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Slices;

/// <summary>A query that needs newer figures than a running fetch can deliver, on a clock that the test advances.</summary>
public sealed class MaxAgeSingleFlightTests
{
    private const string Day = "/aggregates?from=2026-11-20&to=2026-11-21&granularity=PT1H&groupBy=mediaType";

    [Theory]
    [InlineData("&maxAge=0")]
    [InlineData("&maxAge=4")]
    public async Task A_fetch_that_started_too_early_for_the_query_is_not_joined(string maxAge)
    {
        await using var given = await StartAsync();
        Slow(given);
        var first = given.QueryAsync(Day);
        await WaitForRequestAsync(given);
        given.FakeClock.Advance(TimeSpan.FromSeconds(5));

        var second = await given.QueryAsync(Day + maxAge);

        (FetchTimeOf(second), Stale(second), first.IsCompleted).ShouldBe((5, false, false));
        given.FakeClock.Advance(TimeSpan.FromSeconds(6));
        FetchTimeOf(await first).ShouldBe(0);
        given.AggregateCalls.ShouldBe(2);
        FetchTimeOf(await given.QueryAsync(Day)).ShouldBe(5, "the newer figures remain");
    }

    [Fact]
    public async Task A_fetch_that_started_late_enough_is_joined()
    {
        await using var given = await StartAsync();
        Slow(given);
        var first = given.QueryAsync(Day);
        await WaitForRequestAsync(given);
        given.FakeClock.Advance(TimeSpan.FromSeconds(5));

        var second = given.QueryAsync(Day + "&maxAge=6");
        await WaitForQueriesAsync(given, 2);
        given.FakeClock.Advance(TimeSpan.FromSeconds(5));

        (FetchTimeOf(await first), FetchTimeOf(await second), given.AggregateCalls).ShouldBe((0, 0, 1));
    }

    [Fact]
    public async Task Queries_for_newer_data_share_a_second_fetch_and_later_ones_a_third_that_starts_when_one_completes()
    {
        await using var given = await StartAsync();
        Slow(given);
        var first = given.QueryAsync(Day);
        await WaitForRequestAsync(given);
        given.FakeClock.Advance(TimeSpan.FromSeconds(2));
        Slow(given);
        var second = QueryTwentyAsync(given);
        await WaitForRequestAsync(given);
        await WaitForQueriesAsync(given, 21);
        given.FakeClock.Advance(TimeSpan.FromSeconds(1));
        var third = QueryTwentyAsync(given);
        var fourth = given.QueryAsync(Day + "&maxAge=2");
        await WaitForQueriesAsync(given, 42);
        given.Service.Services.GetRequiredService<SliceFetchCoordinator>().Count.ShouldBe(2, "both fetches started too early for the last 20 queries");

        // The first fetch completes, and the third starts.
        given.FakeClock.Advance(TimeSpan.FromSeconds(7));
        (await third).ShouldAllBe(response => FetchTimeOf(response) == 10 && !Stale(response));
        given.FakeClock.Advance(TimeSpan.FromSeconds(2));

        FetchTimeOf(await first).ShouldBe(0);
        // These queries may find the result of the third fetch.
        (await second).ShouldAllBe(response => FetchTimeOf(response) >= 2 && !Stale(response));
        FetchTimeOf(await fourth).ShouldBe(2, "the second fetch was recent enough");
        given.AggregateCalls.ShouldBe(3);
    }

    [Fact]
    public async Task A_background_fetch_that_started_too_early_is_not_joined_either()
    {
        await using var given = await StartAsync();
        await given.QueryAsync("/aggregates?period=today");
        given.FakeClock.Advance(TimeSpan.FromSeconds(26));
        Slow(given);
        await given.QueryAsync("/aggregates?period=today&groupBy=none");
        await given.QueryAsync("/aggregates?period=today&groupBy=queueId");
        await WaitForRequestAsync(given);
        given.FakeClock.Advance(TimeSpan.FromSeconds(3));

        var response = await given.QueryAsync("/aggregates?period=today&maxAge=0");

        (FetchTimeOf(response), Stale(response)).ShouldBe((29, false));
    }

    [Fact]
    public async Task A_fetch_is_too_old_for_a_query_without_maxAge_if_its_figures_would_already_be_due()
    {
        // The hour is open at the first query and closed at the second: earlier figures lack its end.
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new(2026, 11, 23, 9, 59, 58, TimeSpan.Zero));
        await using var given = await SimulatedService.StartAsync(clock: clock);
        await given.QueryAsync("/queues");
        Slow(given);
        const string Hour = "/aggregates?from=2026-11-23T09:00Z&to=2026-11-23T10:00Z&granularity=PT1H";
        var first = given.QueryAsync("/aggregates?from=2026-11-23T09:00Z&granularity=PT1H");
        await WaitForRequestAsync(given);
        clock.Advance(TimeSpan.FromSeconds(3));

        var second = await given.QueryAsync(Hour);

        second.GetProperty("meta").GetProperty("asOf").GetDateTimeOffset().ShouldBe(clock.GetUtcNow());
        clock.Advance(TimeSpan.FromSeconds(10));
        await first;
    }

    [Theory, EachRedis]
    public async Task Another_replica_starts_a_second_fetch_if_the_running_one_started_too_early(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Cache:Redis"] = redis.ConnectionString }, replace: PatientRedisConnection.Add);
        await given.QueryAsync("/queues");
        await using var other = given.Replica();
        using var client = other.CreateClient();
        await given.QueryAsync("/queues", client);
        Slow(given);
        var first = given.QueryAsync(Day);
        await WaitForRequestAsync(given);
        given.FakeClock.Advance(TimeSpan.FromSeconds(5));

        var second = await given.QueryAsync(Day + "&maxAge=0", client);

        (FetchTimeOf(second), Stale(second), first.IsCompleted).ShouldBe((5, false, false));
        given.FakeClock.Advance(TimeSpan.FromSeconds(6));
        FetchTimeOf(await first).ShouldBe(0);
        given.AggregateCalls.ShouldBe(2);
        FetchTimeOf(await given.QueryAsync(Day.Replace("mediaType", "none", StringComparison.Ordinal), client)).ShouldBe(5, "the older figures, which arrived later, must not replace newer ones");
    }

    private static async Task<SimulatedService> StartAsync()
    {
        var given = await SimulatedService.StartAsync();
        await given.QueryAsync("/queues");
        return given;
    }

    /// <summary>Makes Genesys take ten seconds for the next request.</summary>
    private static void Slow(SimulatedService given) => given.Simulator.Faults.Add(FaultNames.Slow, "10", times: 1, path: "/api/v2/analytics");

    private static Task WaitForRequestAsync(SimulatedService given) => Eventually.IsTrueAsync(() => given.Simulator.Faults.Active is [], "Genesys receives the request");

    private static Task WaitForQueriesAsync(SimulatedService given, int queries) => Eventually.IsTrueAsync(
        () => given.Service.Services.GetRequiredService<SliceFetchCoordinator>().Waiting == queries, $"{queries} queries wait for a fetch");

    private static Task<JsonElement[]> QueryTwentyAsync(SimulatedService given) =>
        Task.WhenAll(Enumerable.Range(0, 20).Select(_ => given.QueryAsync(Day + "&maxAge=0")));

    /// <summary>The fetch time, in seconds since the start of the test.</summary>
    private static double FetchTimeOf(JsonElement response) => (response.GetProperty("meta").GetProperty("asOf").GetDateTimeOffset() - SimulatedService.Monday).TotalSeconds;

    private static bool Stale(JsonElement response) => response.GetProperty("meta").GetProperty("stale").GetBoolean();
}
