using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;
using Serilog.Events;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.SystemTests.Redis;

/// <summary>Replicas of the whole service on one real Redis, with requests counted at the upstream.</summary>
public sealed class ReplicaTests
{
    private const string Day = "/aggregates?from=2026-11-18&to=2026-11-19&granularity=PT1H";

    [Theory, EachRedis]
    public async Task Many_identical_queries_across_two_replicas_share_one_Genesys_request(string software)
    {
        using var redis = RedisServer.Start(software);

        // The clock runs, because a wait for the other replica's fetch needs time to pass, but slowly enough that no query waits too long for a slot.
        await using var given = await SimulatedService.StartAsync(
            settings: new() { ["Cache:Redis"] = redis.ConnectionString }, clock: new FastClock(SimulatedService.Monday, speed: 0.1), replace: PatientRedisConnection.Add);
        await using var other = given.Replica();
        using var otherClient = other.CreateClient();
        await Task.WhenAll(given.QueryAsync("/queues"), given.QueryAsync("/queues", otherClient));

        var calls = await given.CallsOfAsync(() => Task.WhenAll(
            Enumerable.Range(0, 120).Select(number => given.QueryAsync(Day, number % 2 == 0 ? given.Client : otherClient))));

        calls.ShouldBe(1);
        (await LocksAsync(redis)).ShouldBeEmpty();
    }

    [Theory, EachRedis]
    public async Task A_restarted_replica_serves_from_Redis_without_a_Genesys_request(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Cache:Redis"] = redis.ConnectionString }, clock: TimeProvider.System, replace: PatientRedisConnection.Add);
        var before = await given.QueryAsync(Day);
        await using var restarted = given.Replica();
        using var client = restarted.CreateClient();

        var calls = given.Simulator.Calls.Count;
        var after = await given.QueryAsync(Day, client);

        after.GetRawText().ShouldBe(before.GetRawText());

        // A replica reads the limits of the organization after its start, whether or not it receives queries.
        given.Simulator.Calls.Skip(calls).Select(call => call.Path)
            .Where(path => path != "/oauth/token" && !path.StartsWith("/api/v2/organizations/limits/", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Theory, EachRedis]
    public async Task A_replica_that_stops_during_a_background_fetch_leaves_no_lock_behind(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Cache:Redis"] = redis.ConnectionString }, replace: PatientRedisConnection.Add);
        await given.QueryAsync("/aggregates?period=today");
        given.FakeClock.Advance(TimeSpan.FromSeconds(26));
        given.Simulator.Faults.Add(FaultNames.Hang, times: 1, path: "/api/v2/analytics");
        await given.QueryAsync("/aggregates?period=today&groupBy=none");
        await given.QueryAsync("/aggregates?period=today&groupBy=queueId");
        await Eventually.IsTrueAsync(() => given.Simulator.Faults.Active is [], "the open hour is fetched in the background");
        (await LocksAsync(redis)).ShouldNotBeEmpty();

        await given.Service.DisposeAsync();

        (await LocksAsync(redis)).ShouldBeEmpty();
        given.Service.Log.Events.ShouldAllBe(line => line.Level < LogEventLevel.Error);
    }

    [Theory, EachRedis]
    public async Task A_query_that_needs_newer_data_than_another_replica_is_fetching_starts_a_second_fetch(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Cache:Redis"] = redis.ConnectionString }, replace: PatientRedisConnection.Add);
        // The listing is read before the other replica starts, which would otherwise wait for its turn to read it on a clock that stands still.
        await given.QueryAsync("/queues");
        await using var other = given.Replica();
        using var client = other.CreateClient();
        given.Simulator.Faults.Add(FaultNames.Slow, "10", times: 1, path: "/api/v2/analytics");
        var first = given.QueryAsync(Day);
        await Eventually.IsTrueAsync(() => given.Simulator.Faults.Active is [], "the first replica fetches the slice");

        given.FakeClock.Advance(TimeSpan.FromSeconds(8));
        var second = await given.QueryAsync(Day + "&maxAge=5", client);
        first.IsCompleted.ShouldBeFalse();
        given.FakeClock.Advance(TimeSpan.FromSeconds(2));

        (AsOf(await first) - SimulatedService.Monday).ShouldBe(TimeSpan.Zero);
        (AsOf(second) - SimulatedService.Monday).ShouldBe(TimeSpan.FromSeconds(8));
        given.AggregateCalls.ShouldBe(2);

        static DateTimeOffset AsOf(JsonElement response) => response.GetProperty("meta").GetProperty("asOf").GetDateTimeOffset();
    }

    private static async Task<string[]> LocksAsync(RedisServer redis)
    {
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true");
        return (string[])(await admin.GetDatabase().ExecuteAsync("KEYS", "*:flight:*"))!;
    }
}
