using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Chaos;

/// <summary>Two processes with Redis; now and then one of them is killed in the middle of its work and restarted.</summary>
public sealed class KillTests : IAsyncLifetime
{
    private const string Aggregates = "/api/v2/analytics/conversations/aggregates";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);

    // Allows for a machine that is busy with other tests and for starting a process.
    private static readonly TimeSpan Deadline = Timeout + TimeSpan.FromSeconds(10);

    private GenesysSimulator.Simulator _simulator = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static TimeProvider Clock => TimeProvider.System;

    public async ValueTask InitializeAsync() => _simulator = await GenesysSimulator.Simulator.StartAsync(
        new SimulatorSettings { Queues = 5, Volume = 0.2, RequestsPerMinute = 100_000 }, Clock, Cancelled);

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
        var answers = new ConcurrentQueue<ChaosResponse>();
        var over = false;
        var asking = new[] { first, second, first, second }.Select((replica, caller) => Task.Run(
            async () =>
            {
                var asker = new ChaosCaller(replica.Client, Clock, new Random(seed + caller), DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime), _simulator.World.Queues, hurry: 20);
                while (!Volatile.Read(ref over))
                {
                    var kills = replica.Kills;
                    try
                    {
                        answers.Enqueue(await asker.AskAsync());

                        // A pause leaves the processor to the replicas and to other tests.
                        await Task.Delay(TimeSpan.FromMilliseconds(20), Clock, Cancelled);
                    }
                    catch (HttpRequestException) when (replica.Kills > kills || replica.IsDown)
                    {
                        // Its process is gone: a load balancer would use the other replica.
                    }
                }
            },
            Cancelled)).ToList();

        var dice = new Random(seed);
        foreach (var victim in new[] { first, second, first })
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + dice.NextDouble()), Clock, Cancelled);
            victim.Kill();
            await Task.Delay(TimeSpan.FromSeconds(dice.NextDouble()), Clock, Cancelled);
            victim.Start();
            await victim.IsReadyAsync();
        }

        // A busy machine makes them slow, not wrong.
        await Eventually.IsTrueAsync(() => answers.Count(answer => answer.IsWhole) > 20 || asking.Exists(caller => caller.IsFaulted), "many queries succeed");
        Volatile.Write(ref over, true);
        await Task.WhenAll(asking);

        var told = string.Create(CultureInfo.InvariantCulture, $"CHAOS_SEED={seed}");
        answers.SelectMany(answer => answer.Faults(truth, Deadline).Select(fault => $"{answer.SentAt:T} {answer.Question.Url}: {fault}")).Take(20).ShouldBeEmpty(told);

        // A killed replica loses its own memory, but not what it shared. (Several days, because a Redis that is slow for once is not waited for.)
        string[] days = [.. Enumerable.Range(1, 4).Select(day => $"/aggregates?from=2026-02-0{day}&to=2026-02-0{day + 1}&granularity=PT1H")];
        foreach (var day in days)
        {
            (await StatusAsync(second, day)).ShouldBe(HttpStatusCode.OK);
        }

        first.Kill();
        first.Start();
        await first.IsReadyAsync();
        var before = _simulator.Calls.Count(IsQuestion);
        foreach (var day in days)
        {
            (await StatusAsync(first, day)).ShouldBe(HttpStatusCode.OK);
        }

        (_simulator.Calls.Count(IsQuestion) - before).ShouldBeLessThan(days.Length, told);
    }

    [Theory, EachRedis]
    public async Task A_replica_killed_while_holding_a_slice_lock_delays_no_caller_beyond_the_deadline(string software)
    {
        using var redis = RedisServer.Start(software);
        using var dying = Replica(redis);
        // Waits for the lock for six seconds (Genesys:TotalTimeout) and then fetches; a busy machine needs time for that.
        using var living = Replica(redis, "00:00:30");
        await dying.IsReadyAsync();
        await living.IsReadyAsync();
        const string Day = "/aggregates?from=2026-02-10&to=2026-02-11&granularity=PT1H";
        _simulator.Faults.Set([new SimulatorFault(FaultNames.Hang, null, 1, Aggregates)]);
        var asking = dying.Client.GetAsync(new Uri(Day, UriKind.Relative), Cancelled);
        await Eventually.IsTrueAsync(() => _simulator.Faults.Active is [], "the first is fetching");

        dying.Kill();
        await Should.ThrowAsync<HttpRequestException>(asking);
        var started = Clock.GetTimestamp();
        var status = await StatusAsync(living, Day);

        status.ShouldBe(HttpStatusCode.OK);
        Clock.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    private ReplicaProcess Replica(RedisServer redis, string? timeout = null) => new(
        _simulator,
        ("Cache__Redis", redis.ConnectionString),
        ("Genesys__AttemptTimeout", "00:00:03"),
        ("Genesys__TotalTimeout", "00:00:06"),
        ("Aggregates__Timeout", timeout ?? Timeout.ToString("c")));

    private static bool IsQuestion(RecordedCall call) => call.Path.StartsWith(Aggregates, StringComparison.Ordinal);

    private static async Task<HttpStatusCode> StatusAsync(ReplicaProcess replica, string path)
    {
        using var answer = await replica.Client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
        return answer.StatusCode;
    }
}
