using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Chaos;

/// <summary>Two processes that share Redis. From time to time, one of them is killed in the middle of its work and restarted.</summary>
public sealed class KillTests : IAsyncLifetime
{
    private const string Aggregates = "/api/v2/analytics/conversations/aggregates";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);

    // Allows for a machine that is busy with other tests and for starting a process.
    private static readonly TimeSpan Deadline = Timeout + TimeSpan.FromSeconds(10);

    private GenesysSimulator.Simulator _simulator = null!;

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    private static TimeProvider Clock => TimeProvider.System;

    public async ValueTask InitializeAsync() => _simulator = await GenesysSimulator.Simulator.StartAsync(
        new SimulatorSettings { Queues = 5, Volume = 0.2, RequestsPerMinute = 100_000 }, Clock, TestCancellation);

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Theory]
    [MemberData(nameof(ChaosTests.Seeds), MemberType = typeof(ChaosTests))]
    public async Task Replicas_that_are_killed_repeatedly_return_no_wrong_figures_and_take_part_again_after_a_restart(int seed, string software)
    {
        using var redis = RedisServer.Start(software);
        using var first = Replica(redis);
        using var second = Replica(redis);
        await first.IsReadyAsync();
        await second.IsReadyAsync();
        _simulator.Faults.Set([new SimulatorFault(FaultNames.Slow, "1", 40, Aggregates)]);
        var truth = new ChaosTruth(_simulator.World);
        var responses = new ConcurrentQueue<ChaosResponse>();
        var over = false;
        var callers = new[] { first, second, first, second }.Select((replica, caller) => Task.Run(
            async () =>
            {
                var chaosCaller = new ChaosCaller(replica.Client, Clock, new Random(seed + caller), DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime), _simulator.World.Queues, speed: 20);
                while (!Volatile.Read(ref over))
                {
                    var kills = replica.Kills;
                    try
                    {
                        responses.Enqueue(await chaosCaller.QueryAsync());

                        // A pause leaves the processor to the replicas and to other tests.
                        await Task.Delay(TimeSpan.FromMilliseconds(20), Clock, TestCancellation);
                    }
                    catch (HttpRequestException) when (replica.Kills > kills || replica.IsDown)
                    {
                        // The process is gone. A load balancer would use the other replica.
                    }
                }
            },
            TestCancellation)).ToList();

        var dice = new Random(seed);
        foreach (var victim in new[] { first, second, first })
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + dice.NextDouble()), Clock, TestCancellation);
            victim.Kill();
            await Task.Delay(TimeSpan.FromSeconds(dice.NextDouble()), Clock, TestCancellation);
            victim.Start();
            await victim.IsReadyAsync();
        }

        // On a busy machine, responses are slow but must not be wrong.
        await Eventually.IsTrueAsync(() => responses.Count(response => response.IsWhole) > 20 || callers.Exists(caller => caller.IsFaulted), "many queries succeed");
        Volatile.Write(ref over, true);
        await Task.WhenAll(callers);

        var context = string.Create(CultureInfo.InvariantCulture, $"CHAOS_SEED={seed}");
        responses.SelectMany(response => response.Faults(truth, Deadline).Select(fault => $"{response.SentAt:T} {response.Query.Url}: {fault}")).Take(20).ShouldBeEmpty(context);

        // A killed replica loses its own memory, but not the slices that it shared. The test queries several days, because a replica fetches a slice itself if
        // Redis is slow.
        string[] days = [.. Enumerable.Range(1, 4).Select(day => $"/aggregates?from=2026-02-0{day}&to=2026-02-0{day + 1}&granularity=PT1H")];
        foreach (var day in days)
        {
            (await StatusAsync(second, day)).ShouldBe(HttpStatusCode.OK);
        }

        first.Kill();
        first.Start();
        await first.IsReadyAsync();
        var before = _simulator.Calls.Count(IsAggregatesRequest);
        foreach (var day in days)
        {
            (await StatusAsync(first, day)).ShouldBe(HttpStatusCode.OK);
        }

        (_simulator.Calls.Count(IsAggregatesRequest) - before).ShouldBeLessThan(days.Length, context);
    }

    [Theory, EachRedis]
    public async Task A_replica_killed_while_holding_a_slice_lock_delays_no_caller_beyond_the_deadline(string software)
    {
        using var redis = RedisServer.Start(software);
        using var killed = Replica(redis);
        // This replica waits for the lock for six seconds (Genesys:TotalTimeout) and then fetches; a busy machine needs time for that.
        using var surviving = Replica(redis, "00:00:30");
        await killed.IsReadyAsync();
        await surviving.IsReadyAsync();
        const string Day = "/aggregates?from=2026-02-10&to=2026-02-11&granularity=PT1H";
        _simulator.Faults.Set([new SimulatorFault(FaultNames.Hang, null, 1, Aggregates)]);
        var pending = killed.Client.GetAsync(new Uri(Day, UriKind.Relative), TestCancellation);
        await Eventually.IsTrueAsync(() => _simulator.Faults.Active is [], "the first replica is fetching");

        killed.Kill();
        await Should.ThrowAsync<HttpRequestException>(pending);
        var started = Clock.GetTimestamp();
        var status = await StatusAsync(surviving, Day);

        status.ShouldBe(HttpStatusCode.OK);
        Clock.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    private ReplicaProcess Replica(RedisServer redis, string? timeout = null) => new(
        _simulator,
        ("Cache__Redis", redis.ConnectionString),
        ("Genesys__AttemptTimeout", "00:00:03"),
        ("Genesys__TotalTimeout", "00:00:06"),
        ("Aggregates__Timeout", timeout ?? Timeout.ToString("c")));

    private static bool IsAggregatesRequest(RecordedCall call) => call.Path.StartsWith(Aggregates, StringComparison.Ordinal);

    private static async Task<HttpStatusCode> StatusAsync(ReplicaProcess replica, string path)
    {
        using var response = await replica.Client.GetAsync(new Uri(path, UriKind.Relative), TestCancellation);
        return response.StatusCode;
    }
}
