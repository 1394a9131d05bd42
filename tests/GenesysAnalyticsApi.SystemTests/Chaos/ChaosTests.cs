using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observability.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;
using Serilog.Events;

namespace GenesysAnalyticsApi.SystemTests.Chaos;

/// <summary>
/// Two replicas with Redis under load for ten minutes of random faults: no figure is wrong without a label, no caller waits beyond the
/// deadline, and afterwards everything recovers. CHAOS_RUNS is the number of schedules, CHAOS_SEED the first seed.
/// </summary>
public sealed class ChaosTests : IAsyncLifetime
{
    private const int Speed = 20;
    private const int Callers = 6;

    private static readonly DateOnly Today = DateOnly.FromDateTime(SimulatedService.Monday.DateTime);

    /// <summary>Aggregates:Timeout, plus three real seconds for a machine that is busy with other tests.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60 + (3 * Speed));

    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(4);

    private readonly ConcurrentQueue<string> _unobserved = [];

    /// <summary>Each seed with each available Redis server.</summary>
    public static TheoryData<int, string> Seeds
    {
        get
        {
            var first = int.TryParse(Environment.GetEnvironmentVariable("CHAOS_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given)
                ? given
                : Random.Shared.Next(1_000_000);
            var runs = int.TryParse(Environment.GetEnvironmentVariable("CHAOS_RUNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : 1;
            return [.. Enumerable.Range(first, runs).SelectMany(seed => RedisServer.Software.Select(software => (seed, software)))];
        }
    }

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        TaskScheduler.UnobservedTaskException += Unobserved;
        return ValueTask.CompletedTask;
    }

    /// <summary>Fails if an exception was never observed. Other tests in this process abandon failed tasks on purpose.</summary>
    public ValueTask DisposeAsync()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        TaskScheduler.UnobservedTaskException -= Unobserved;
        _unobserved.Where(failure => failure.Contains("at GenesysAnalyticsApi.Aggregates.", StringComparison.Ordinal)
            || failure.Contains("at GenesysAnalyticsApi.Redis.", StringComparison.Ordinal)
            || failure.Contains("at GenesysAnalyticsApi.Queues.", StringComparison.Ordinal)).ShouldBeEmpty();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Responses_are_correct_or_report_gaps_under_random_faults(int seed, string software)
    {
        var schedule = new ChaosSchedule(seed);
        using var redis = RedisServer.Start(software, freezes: true);
        var clock = new FastClock(SimulatedService.Monday, Speed);
        await using var given = await SimulatedService.StartAsync(
            new SimulatorSettings { Queues = 6, Volume = 0.2, RequestsPerMinute = 100_000 },
            // Redis counts requests by its own clock, which is not accelerated. Other tests cover the limits.
            new() { ["Cache:Redis"] = redis.ConnectionString },
            clock,
            services => FastSliceReplication.Add(services, Speed));
        RunningService[] replicas = [given.Service, given.Replica()];
        HttpClient[] clients = [given.Client, replicas[1].CreateClient()];
        foreach (var client in clients)
        {
            await given.QueryAsync("/queues", client);
        }

        var truth = new ChaosTruth(given.Simulator.World);
        var responses = new ConcurrentQueue<ChaosResponse>();
        var start = clock.GetTimestamp();
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(
            async () =>
            {
                var chaosCaller = new ChaosCaller(clients[caller % clients.Length], clock, new Random(seed + caller), Today, given.Simulator.World.Queues);
                while (clock.GetElapsedTime(start) < ChaosSchedule.Length)
                {
                    responses.Enqueue(await chaosCaller.QueryAsync());
                }
            },
            TestCancellation)).ToList();
        await InjectFaultsAsync(schedule, clock, start, given.Simulator, redis);
        await Task.WhenAll(callers);

        var context = $"CHAOS_SEED={seed}\n{schedule}\n";
        var faults = responses.SelectMany(response => response.Faults(truth, Deadline).Select(fault => $"{response.SentAt:T} {response.Query.Url}: {fault}")).Take(20).ToList();
        faults.ShouldBeEmpty(context);
        // Faults are active most of the time, and on a busy machine, more queries exceed the accelerated deadlines.
        responses.Count(response => response.IsWhole).ShouldBeGreaterThan(responses.Count / 50, context);

        var over = clock.GetTimestamp();
        foreach (var client in clients)
        {
            await RecoverAsync(client, clock, over, truth, given, context);
        }

        var recovered = clock.GetElapsedTime(over);

        foreach (var (replica, client) in replicas.Zip(clients))
        {
            await Eventually.IsTrueAsync(async () => (await client.GetStringAsync(new Uri("/health/ready", UriKind.Relative), TestCancellation)).Contains("\"redis\":{\"condition\":\"ok\"", StringComparison.Ordinal), "Redis is in use again");
            using var counted = new RecordedMetrics(replica);
            await Eventually.IsTrueAsync(() => counted.Now("slice.flights") + counted.Now("work.fetching") + counted.Now("work.queued") + counted.Now("budget.waiting") == 0, "no work is left over");
            (counted.Now("upstream.breaker.open"), counted.Now("upstream.pause"), counted.Now("upstream.up")).ShouldBe((0, 0, 1), context);
            replica.Log.Events.Where(line => line.Level >= LogEventLevel.Error && line.Exception is not null).Select(RecordedLog.Text).ShouldBeEmpty(context);
        }

        // After 15 minutes, both replicas have forgotten the sizes that each learned from replies that were too large. Then one replica uses the slices that
        // the other has fetched.
        clock.Skip(TimeSpan.FromMinutes(15));
        await Eventually.IsTrueAsync(
            async () => (await clients[0].GetAsync(new Uri(UnusedDay(1), UriKind.Relative), TestCancellation)).IsSuccessStatusCode, "a query that was too wide for the learned sizes is accepted again");
        (await SharesSlicesAsync(given, clients)).ShouldBeTrue(context);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{context}{responses.Count} responses, {responses.Count(response => response.IsWhole)} whole, {responses.Count(response => response.Status == HttpStatusCode.NotModified)} of them 304, {responses.Count(response => (int)response.Status >= 400)} problems; whole again after {recovered.TotalSeconds:0} s");
    }

    /// <summary>Tries several days that no query has used, because a replica fetches a slice itself if a busy machine makes Redis slow.</summary>
    private static async Task<bool> SharesSlicesAsync(SimulatedService given, HttpClient[] clients)
    {
        for (var day = 2; day < 8; day++)
        {
            await given.QueryAsync(UnusedDay(day), clients[0]);
            if (await given.CallsOfAsync(() => given.QueryAsync(UnusedDay(day), clients[1])) == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static string UnusedDay(int day) => $"/aggregates?from=2025-11-0{day}&to=2025-11-0{day + 1}&granularity=PT1H";

    private static async Task InjectFaultsAsync(ChaosSchedule schedule, FastClock clock, long start, GenesysSimulator.Simulator simulator, RedisServer redis)
    {
        var state = RedisState.Up;
        IReadOnlyList<SimulatorFault> active = [];
        for (var second = 0; clock.GetElapsedTime(start) is var elapsed && elapsed < ChaosSchedule.Length; second++)
        {
            // Faults with a limited count are set again every few seconds.
            var faults = schedule.FaultsAt(elapsed);
            if (second % 5 == 0 || !faults.SequenceEqual(active))
            {
                simulator.Faults.Set(active = faults);
            }

            Switch(redis, state, state = schedule.RedisAt(elapsed));
            await Task.Delay(TimeSpan.FromSeconds(1), clock, TestCancellation);
        }

        simulator.Faults.Clear();
        Switch(redis, state, RedisState.Up);
    }

    private static void Switch(RedisServer redis, RedisState from, RedisState to)
    {
        switch (from, to)
        {
            case (RedisState.Up, RedisState.Stopped):
                redis.Stop();
                break;
            case (RedisState.Up, RedisState.Frozen):
                redis.Freeze();
                break;
            case (RedisState.Stopped, RedisState.Up):
                redis.Restart();
                break;
            case (RedisState.Frozen, RedisState.Up):
                redis.Thaw();
                break;
        }
    }

    /// <summary>After the last fault, everything is complete and correct again within a few minutes.</summary>
    private static async Task RecoverAsync(HttpClient client, FastClock clock, long over, ChaosTruth truth, SimulatedService given, string context)
    {
        var chaosCaller = new ChaosCaller(client, clock, new Random(1), Today, given.Simulator.World.Queues);
        foreach (var url in new[] { "from=2026-11-23", "from=2026-11-22&to=2026-11-23", "from=2026-10-10&to=2026-10-17" })
        {
            var query = new ChaosQuery(url, null, null, null, "mediaType", url == "from=2026-11-23", 0, false, url.Contains("2026-10", StringComparison.Ordinal) ? null : 5);
            ChaosResponse response;
            do
            {
                await Task.Delay(TimeSpan.FromSeconds(1), clock, TestCancellation);
                response = await chaosCaller.QueryAsync(query);
                clock.GetElapsedTime(over).ShouldBeLessThan(Recovery, $"the service does not recover: {response.Body}\n{context}");
                response.Faults(truth, Deadline).ShouldBeEmpty(context);
            }
            while (!response.IsWhole);
        }
    }

    private void Unobserved(object? sender, UnobservedTaskExceptionEventArgs failed) => _unobserved.Enqueue(failed.Exception.ToString());
}
