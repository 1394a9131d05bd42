using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.SystemTests.Redis;

/// <summary>Replicas share the current state of the queues: one replica reads it for all.</summary>
public sealed class SharedLiveStateTests
{
    private const string Activity = "/activity/query";

    [Theory, EachRedis]
    public async Task One_replica_reads_the_state_for_all(string software)
    {
        using var redis = RedisServer.Start(software);

        // The clock runs, because a wait for the other replica needs time to pass, but slowly enough that the state is not due meanwhile.
        await using var given = await SimulatedService.StartAsync(
            settings: new() { ["Cache:Redis"] = redis.ConnectionString }, clock: new FastClock(SimulatedService.Monday, speed: 0.02), replace: PatientRedisConnection.Add);
        await using var other = given.Replica();
        using var otherClient = other.CreateClient();
        await Task.WhenAll(given.QueryAsync("/queues"), given.QueryAsync("/queues", otherClient));

        var bodies = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => given.QueryAsync("/observations", number % 2 == 0 ? given.Client : otherClient)));

        given.Simulator.Calls.Count(call => call.Path.Contains(Activity, StringComparison.Ordinal)).ShouldBe(2);
        bodies.Select(body => body.GetProperty("meta").GetProperty("asOf").GetString()).Distinct().Count().ShouldBe(1);
        bodies.Select(Timeless).Distinct().Count().ShouldBe(1);
        bodies[0].GetProperty("records").GetArrayLength().ShouldBeGreaterThan(8);
    }

    [Theory, EachRedis]
    public async Task A_value_that_no_replica_would_write_is_replaced(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Cache:Redis"] = redis.ConnectionString }, replace: PatientRedisConnection.Add);
        await given.QueryAsync("/observations");
        using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var database = connection.GetDatabase();
        var key = connection.GetServer(connection.GetEndPoints()[0]).Keys(pattern: "*:live:*").Single();
        byte[] before = (await database.StringGetAsync(key))!;
        before[^1] ^= 1;
        await database.StringSetAsync(key, before);

        given.FakeClock.Advance(TimeSpan.FromSeconds(1));
        var body = await given.QueryAsync("/observations?maxAge=0");

        body.GetProperty("meta").GetProperty("ageMs").GetInt64().ShouldBe(0);
        ((byte[])(await database.StringGetAsync(key))!).ShouldNotBe(before);
    }

    /// <summary>Durations differ by the time between the responses.</summary>
    private static string Timeless(JsonElement body) => string.Join('\n', body.GetProperty("records").EnumerateArray().Select(record => string.Join(
        ',', record.EnumerateObject().Where(field => !field.Name.EndsWith("Ms", StringComparison.Ordinal)).Select(field => $"{field.Name}={field.Value.GetRawText()}"))));
}
