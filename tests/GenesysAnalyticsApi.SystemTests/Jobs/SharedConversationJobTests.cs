using System.Net;
using GenesysAnalyticsApi.SystemTests.Chaos;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Jobs.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.SystemTests.Jobs;

/// <summary>Jobs that read conversations, on replicas that share Redis.</summary>
public sealed class SharedConversationJobTests
{
    private const string Day = "/conversations?from=2026-10-20&to=2026-10-21";
    private const string Analytics = "/api/v2/analytics";

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory, EachRedis]
    public async Task Every_replica_returns_the_stored_result_and_a_damaged_one_is_read_again(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await StartAsync(redis);
        await using var other = given.Replica();
        var (first, second) = (new JobClient(given.Client), new JobClient(other.CreateClient()));
        var expected = Records((await first.GetAsync($"{Day}&format=ndjson")).Body);
        var job = await first.SubmitAsync(Day);
        (await second.EndAsync(job)).GetProperty("kind").GetString().ShouldBe("conversations");
        var calls = DetailsCalls(given.Simulator);

        Records((await second.GetAsync($"{job}/result?format=ndjson")).Body).ShouldBe(expected);
        Records((await first.GetAsync($"{job}/result?format=ndjson")).Body).ShouldBe(expected);
        DetailsCalls(given.Simulator).ShouldBe(calls);
        (await second.SubmitAsync(Day)).ShouldBe(job);

        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var key = await connection.GetServers()[0].KeysAsync(pattern: "*:job-result:*").SingleAsync(TestCancellation);
        (await connection.GetDatabase().KeyTimeToLiveAsync(key))!.Value.ShouldBeInRange(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
        await connection.GetDatabase().HashSetAsync(key, 0, "damaged");
        (await second.GetAsync($"{job}/result?format=ndjson")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        Records((await second.GetAsync($"{job}/result?format=ndjson")).Body).ShouldBe(expected);
        DetailsCalls(given.Simulator).ShouldBeGreaterThan(calls);
    }

    [Theory, EachRedis]
    public async Task The_job_of_a_killed_replica_is_finished_by_another(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var simulator = await GenesysSimulator.Simulator.StartAsync(new SimulatorSettings { Queues = 5, RequestsPerMinute = 100_000 }, TimeProvider.System, TestCancellation);
        (string, string)[] settings = [("Cache__Redis", redis.ConnectionString), ("Conversations__MaxConversationsPerPiece", "100")];
        using var dying = new ReplicaProcess(simulator, settings);
        using var surviving = new ReplicaProcess(simulator, settings);
        await dying.IsReadyAsync();
        await surviving.IsReadyAsync();
        var (first, second) = (new JobClient(dying.Client), new JobClient(surviving.Client));
        simulator.Faults.Set([new SimulatorFault(FaultNames.Slow, "1", null, Analytics)]);
        var job = await first.SubmitAsync(Day);
        await Eventually.IsTrueAsync(async () => await first.DoneAsync(job) > 3, "the job makes progress");

        dying.Kill();
        simulator.Faults.Set([]);
        var ended = await second.EndAsync(job);
        var result = await second.GetAsync($"{job}/result?format=ndjson");

        ended.GetProperty("state").GetString().ShouldBe("succeeded");
        Records(result.Body).ShouldBe(Records((await second.GetAsync($"{Day}&format=ndjson")).Body));
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        (await connection.GetServers()[0].KeysAsync(pattern: "*:job-result:*").CountAsync(TestCancellation)).ShouldBeLessThanOrEqualTo(2, "if the killed replica has left a result, this result expires");
    }

    [Theory, EachRedis]
    public async Task A_job_survives_an_outage_of_Redis_and_the_loss_of_its_data(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await StartAsync(redis);
        var caller = new JobClient(given.Client);
        var expected = Records((await caller.GetAsync($"{Day}&format=ndjson")).Body);
        given.Simulator.Faults.Add(FaultNames.Slow, "1", path: Analytics);
        var job = await caller.SubmitAsync(Day);
        await Eventually.IsTrueAsync(async () => await caller.DoneAsync(job) > 1, "the job makes progress");

        redis.Stop();
        given.Simulator.Faults.Set([]);
        await Task.Delay(TimeSpan.FromSeconds(10), given.Clock, TestCancellation);
        redis.Restart();

        (await caller.EndAsync(job)).GetProperty("state").GetString().ShouldBe("succeeded");
        Records((await caller.GetAsync($"{job}/result?format=ndjson")).Body).ShouldBe(expected);
    }

    // A fast clock, so that polls, leases and pauses pass quickly.
    private static Task<SimulatedService> StartAsync(RedisServer redis) => SimulatedService.StartAsync(
        settings: new() { ["Cache:Redis"] = redis.ConnectionString, ["Conversations:MaxConversationsPerPiece"] = "100", ["Aggregates:Timeout"] = "00:10:00", ["Genesys:AttemptTimeout"] = "00:05:00", ["Genesys:TotalTimeout"] = "00:08:00" },
        clock: new FastClock(SimulatedService.Monday, speed: 2),
        replace: PatientRedisConnection.Add);

    private static int DetailsCalls(GenesysSimulator.Simulator simulator) => simulator.Calls.Count(call => call.Path.EndsWith("/details/query", StringComparison.Ordinal));

    private static List<string> Records(string ndjson) => [.. ndjson.Split('\n', StringSplitOptions.RemoveEmptyEntries).SkipLast(1)];
}
