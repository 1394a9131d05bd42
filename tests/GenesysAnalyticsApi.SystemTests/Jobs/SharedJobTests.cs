using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.Jobs;
using GenesysAnalyticsApi.SystemTests.Chaos;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Jobs.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.SystemTests.Jobs;

/// <summary>Jobs on replicas that share Redis.</summary>
public sealed class SharedJobTests
{
    private const string Month = "/aggregates?from=2026-10-01&to=2026-10-31&granularity=PT15M";
    private const string Analytics = "/api/v2/analytics";

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory, EachRedis]
    public async Task Every_replica_shows_a_job_and_returns_its_result_without_a_Genesys_request(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await StartAsync(redis);
        await using var other = given.Replica();
        var (first, second) = (new JobClient(given.Client), new JobClient(other.CreateClient()));

        // Without this delay, a fast machine would finish the job before the second replica gets the query, and that replica would respond from the cache.
        given.Simulator.Faults.Add(FaultNames.Slow, "30", path: Analytics);
        var job = await first.SubmitAsync(Month);
        (await second.SubmitAsync(Month)).ShouldBe(job);
        given.Simulator.Faults.Set([]);
        (await second.EndAsync(job)).GetProperty("state").GetString().ShouldBe("succeeded");
        var calls = given.AggregateCalls;
        var results = await Task.WhenAll(first.GetAsync($"{job}/result"), second.GetAsync($"{job}/result"));

        Records(results[1].Body).ShouldBe(Records(results[0].Body));
        JsonSerializer.Deserialize<JsonElement>((await second.GetAsync("/jobs")).Body).GetProperty("records").GetArrayLength().ShouldBe(1);
        given.AggregateCalls.ShouldBe(calls);
    }

    [Theory, EachRedis]
    public async Task A_job_that_is_cancelled_on_another_replica_stops(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await StartAsync(redis);
        await using var other = given.Replica();
        var (first, second) = (new JobClient(given.Client), new JobClient(other.CreateClient()));
        given.Simulator.Faults.Add(FaultNames.Slow, "2", path: Analytics);
        var job = await first.SubmitAsync(Month);
        await Eventually.IsTrueAsync(async () => await second.DoneAsync(job) > 1, "the job makes progress");

        (await second.CancelAsync(job)).ShouldBe(HttpStatusCode.NoContent);

        (await second.StateNameAsync(job)).ShouldBe("cancelled");
        var before = -1;
        await Eventually.IsTrueAsync(
            async () =>
            {
                // The replica has stopped if it sends no request for six seconds by the clock of the service; one request takes two.
                var calls = given.AggregateCalls;
                await Task.Delay(TimeSpan.FromSeconds(6), given.Clock, TestCancellation);
                return (before, before = calls) is var (earlier, _) && earlier == given.AggregateCalls;
            },
            "the first replica stops");
        given.AggregateCalls.ShouldBeLessThan(30);
        (await first.StateNameAsync(job)).ShouldBe("cancelled");
    }

    [Theory, EachRedis]
    public async Task The_job_of_a_killed_replica_is_finished_by_another_within_half_a_minute(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var simulator = await GenesysSimulator.Simulator.StartAsync(new SimulatorSettings { Queues = 5, RequestsPerMinute = 100_000 }, TimeProvider.System, TestCancellation);
        using var dying = new ReplicaProcess(simulator, ("Cache__Redis", redis.ConnectionString));
        using var surviving = new ReplicaProcess(simulator, ("Cache__Redis", redis.ConnectionString));
        await dying.IsReadyAsync();
        await surviving.IsReadyAsync();
        var (first, second) = (new JobClient(dying.Client), new JobClient(surviving.Client));
        simulator.Faults.Set([new SimulatorFault(FaultNames.Slow, "1", null, Analytics)]);
        var job = await first.SubmitAsync(Month);
        await Eventually.IsTrueAsync(async () => await first.DoneAsync(job) > 3, "the job makes progress");

        dying.Kill();
        simulator.Faults.Set([]);
        var (killed, done) = (TimeProvider.System.GetTimestamp(), await second.DoneAsync(job));
        var ended = await second.EndAsync(job);

        ended.GetProperty("state").GetString().ShouldBe("succeeded");
        TimeProvider.System.GetElapsedTime(killed).ShouldBeLessThan(TimeSpan.FromSeconds(30));
        simulator.Calls.Count(call => call.Path.EndsWith("/aggregates/query", StringComparison.Ordinal)).ShouldBeLessThan(2 * 30, $"what the first replica had stored ({done} parts) is not fetched again, unless a busy machine makes Redis slow");
        (await second.GetAsync($"{job}/result?format=csv")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, EachRedis]
    public async Task A_job_survives_an_outage_of_Redis(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await StartAsync(redis);
        var caller = new JobClient(given.Client);
        given.Simulator.Faults.Add(FaultNames.Slow, "2", path: Analytics);
        var job = await caller.SubmitAsync(Month);
        await Eventually.IsTrueAsync(async () => await caller.DoneAsync(job) > 1, "the job makes progress");

        redis.Stop();
        await Eventually.IsTrueAsync(async () => await caller.DoneAsync(job) > 6, "the job continues");
        var during = await caller.SubmitAsync("/aggregates?from=2026-09-01&to=2026-09-05&granularity=PT15M");
        redis.Restart();

        (await caller.EndAsync(job)).GetProperty("state").GetString().ShouldBe("succeeded");
        (await caller.EndAsync(during)).GetProperty("state").GetString().ShouldBe("succeeded");
    }

    [Theory, EachRedis]
    public async Task A_job_survives_the_loss_of_all_data_in_Redis(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await StartAsync(redis);
        var caller = new JobClient(given.Client);
        given.Simulator.Faults.Add(FaultNames.Slow, "2", path: Analytics);
        var job = await caller.SubmitAsync(Month);
        await Eventually.IsTrueAsync(async () => await caller.StateNameAsync(job) == "running", "the job starts");

        await using (var admin = await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true"))
        {
            await admin.GetServers()[0].FlushAllDatabasesAsync();
        }

        (await caller.StateNameAsync(job)).ShouldBe("running");
        (await caller.EndAsync(job)).GetProperty("state").GetString().ShouldBe("succeeded");
    }

    [Theory, EachRedis]
    public async Task A_job_that_ended_on_another_replica_does_not_start_again_during_an_outage_of_Redis(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await StartAsync(redis);
        await using var other = given.Replica();
        var (first, second) = (new JobClient(given.Client), new JobClient(other.CreateClient()));
        given.Simulator.Faults.Add(FaultNames.Slow, "2", path: Analytics);
        var job = await first.SubmitAsync(Month);
        await Eventually.IsTrueAsync(async () => await second.DoneAsync(job) > 1, "the job makes progress");
        await second.CancelAsync(job);
        (await first.StateNameAsync(job)).ShouldBe("cancelled");

        redis.Stop();
        await Task.Delay(JobRunner.PollInterval * 3, given.Clock, TestCancellation);

        (await first.StateNameAsync(job)).ShouldBe("cancelled");
        given.Service.Log.Events.Concat(other.Log.Events).Count(line => line.MessageTemplate.Text.StartsWith("Job {Id} of {Owner} for", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory, EachRedis]
    public async Task A_damaged_job_in_Redis_is_ignored_and_removed(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await StartAsync(redis);
        var caller = new JobClient(given.Client);
        var job = await caller.SubmitAsync("/aggregates?from=2026-10-01&to=2026-10-03&granularity=PT1H");
        await caller.EndAsync(job);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var database = connection.GetDatabase();
        var key = await connection.GetServers()[0].KeysAsync(pattern: $"*:job:{job[6..]}").SingleAsync(TestCancellation);
        var text = (string)(await database.StringGetAsync(key))!;

        string[] values =
        [
            "", "1", "1{}", "1null", "1[]", "0nonsense", text[..^5], text.Replace("\"State\":2", "\"State\":99", StringComparison.Ordinal),
            text.Replace("\"Done\":", "\"Done\":-", StringComparison.Ordinal), text.Replace(job[6..], new string('a', 32), StringComparison.Ordinal),
        ];
        foreach (var (number, damaged) in values.Index())
        {
            await database.StringSetAsync(key, damaged);
            (await caller.GetAsync(job)).Status.ShouldBe(HttpStatusCode.NotFound, damaged);
            (await caller.GetAsync("/jobs")).Status.ShouldBe(HttpStatusCode.OK, damaged);
            await caller.EndAsync(await caller.SubmitAsync($"/aggregates?from=2026-09-{number + 1:00}&to=2026-09-{number + 2:00}&granularity=PT30M"));
        }

        given.Service.Log.Events.ShouldAllBe(line => line.Level < Serilog.Events.LogEventLevel.Error);
    }

    // A fast clock, so that polls, leases and pauses pass quickly; a query has ten seconds for its slot.
    private static Task<SimulatedService> StartAsync(RedisServer redis) => SimulatedService.StartAsync(
        settings: new() { ["Cache:Redis"] = redis.ConnectionString, ["Jobs:MaxPerCaller"] = "20" }, clock: new FastClock(SimulatedService.Monday, speed: 2), replace: PatientRedisConnection.Add);

    private static IEnumerable<string> Records(string body) => JsonSerializer.Deserialize<JsonElement>(body).GetProperty("records").EnumerateArray().Select(record => record.GetRawText());
}
