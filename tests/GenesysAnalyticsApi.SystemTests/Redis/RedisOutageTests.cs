using System.Net;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Redis.Connection;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using GenesysAnalyticsApi.Tests.Redis.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GenesysAnalyticsApi.SystemTests.Redis;

/// <summary>Whatever happens to Redis, callers neither notice it nor wait for it, and the service recovers by itself.</summary>
public sealed class RedisOutageTests
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly (LogLevel, int) Gone = (LogLevel.Warning, 5000);
    private static readonly (LogLevel, int) Back = (LogLevel.Information, 5001);

    [Theory, EachRedis]
    public async Task A_Redis_that_is_absent_at_startup_is_logged_once_and_used_when_it_appears(string software)
    {
        using var server = RedisServer.Absent(software);
        await using var replica = new Replica(server);

        await replica.Redis.StartAsync(Never);
        await AssertWorksAloneAsync(replica);
        await Eventually.IsTrueAsync(() => !replica.Log.IsEmpty, "the missing Redis is logged");
        await AssertWorksAloneAsync(replica);
        replica.Log.ShouldBe([Gone]);

        server.Restart();
        await replica.ReachesRedisAsync();
        await AssertSharesAsync(replica, server);
        replica.Log.ShouldBe([Gone, Back]);
    }

    [Theory, EachRedis]
    public async Task A_Redis_that_disappears_is_logged_once_and_used_again_when_it_is_back(string software)
    {
        using var server = RedisServer.Start(software);
        await using var replica = await Replica.ConnectedAsync(server);

        server.Stop();
        await replica.MissesRedisAsync();
        await AssertWorksAloneAsync(replica);
        replica.Log.ShouldBe([Gone]);

        server.Restart();
        await replica.ReachesRedisAsync();
        await AssertSharesAsync(replica, server);
        replica.Log.ShouldBe([Gone, Back]);
    }

    [Theory, EachRedis]
    public async Task A_slow_Redis_is_bypassed_after_three_commands_and_used_again_when_it_is_fast(string software)
    {
        using var server = RedisServer.Start(software, freezes: true);
        await using var replica = await Replica.ConnectedAsync(server, secondsPerCommand: 0.5);

        server.Freeze();
        for (var command = 0; command < RedisConnection.MaxTimeouts; command++)
        {
            replica.Redis.Database.ShouldNotBeNull();
            (await replica.Slices.FindAsync(SliceBuilder.Key, Never)).ShouldBeNull();
        }

        replica.Redis.Database.ShouldBeNull();
        await AssertWorksAloneAsync(replica);

        // Redis is still slow after the pause, but only the replica's own probe has waited for it.
        replica.Clock.Advance(RedisConnection.RetryPause);
        await AssertWorksAloneAsync(replica);
        replica.Log.ShouldBe([Gone]);

        server.Thaw();
        await Eventually.IsTrueAsync(
            () =>
            {
                replica.Clock.Advance(RedisConnection.RetryPause);
                return replica.Redis.Database is not null;
            },
            "the replica uses Redis again");
        await AssertSharesAsync(replica, server);
        replica.Log.ShouldBe([Gone, Back]);
    }

    [Fact]
    public async Task A_full_Redis_is_still_read_and_logged_once()
    {
        using var server = RedisServer.StartUnlessGarnetSuffices("has no maxmemory: it evicts entries and is never full");
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);
        await a.WaitForSubscribersAsync(replicas: 2);
        await a.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(1), Week, memoryOnly: false);
        await b.Slices.FindAsync(SliceBuilder.Key, Never);
        await server.SetAsync("maxmemory", "1");

        await a.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(2, fetchedAfterNoon: 1), Week, memoryOnly: false);
        await a.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(3, fetchedAfterNoon: 2), Week, memoryOnly: false);
        await using (await a.Locks.TryTakeAsync("key", hasPriority: true, Never))
        {
            SliceBuilder.SumOf(a.Slices.FindInMemory(SliceBuilder.Key)).ShouldBe(3);
            SliceBuilder.SumOf(await b.Slices.FindAsync(SliceBuilder.Key, Never)).ShouldBe(1);
            a.Log.ShouldBe([(LogLevel.Warning, 5002)]);
        }

        await server.SetAsync("maxmemory", "0");
        await a.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(4, fetchedAfterNoon: 3), Week, memoryOnly: false);
        await Eventually.IsTrueAsync(
            async () => SliceBuilder.SumOf(await b.Slices.FindAsync(SliceBuilder.Key, Never)) == 4, "the other replica has the newer slice");
    }

    [Theory, EachRedis]
    public async Task Readiness_reports_Redis_but_does_not_depend_on_it(string software)
    {
        using var server = RedisServer.Start(software);
        using var service = new RunningService
        {
            Settings = new() { ["Cache:Redis"] = server.ConnectionString },
            Replace = services => services.AddSingleton<IGenesysGateway>(ScriptedQueues.Listing([QueueBuilder.Listed(1, "Sales")])),
        };
        using var client = service.CreateClient();

        await Eventually.IsTrueAsync(() => IsReadyAsync(client, "\"redis\":{\"condition\":\"ok\""), "the service is ready with Redis");
        server.Stop();
        await Eventually.IsTrueAsync(
            () => IsReadyAsync(client, "\"redis\":{\"condition\":\"down\",\"since\":\"2026-11-23T09:15:00+00:00\"}"), "the service is ready without Redis");
    }

    [Fact]
    public async Task Readiness_does_not_mention_Redis_if_none_is_configured()
    {
        using var service = new RunningService();
        using var client = service.CreateClient();

        using var response = await client.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("redis");
    }

    [Theory, EachRedis]
    public async Task A_replica_with_a_wrong_Redis_password_works_alone(string software)
    {
        using var server = RedisServer.Start(software, password: "planted");
        await using var replica = new Replica(server);
        await replica.Redis.StartAsync(Never);

        await Eventually.IsTrueAsync(() => !replica.Log.IsEmpty, "the unusable Redis is logged");
        await AssertWorksAloneAsync(replica);
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, string check)
    {
        using var response = await client.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return response.StatusCode == HttpStatusCode.OK && body.Contains(check, StringComparison.Ordinal);
    }

    /// <summary>Nothing throws, and nothing waits: every operation is complete when the call returns.</summary>
    private static async Task AssertWorksAloneAsync(Replica replica)
    {
        var key = SliceBuilder.Key with { Group = Guid.NewGuid().ToString() };
        var keeping = replica.Slices.StoreAsync(key, SliceBuilder.With(1), Week, memoryOnly: false);
        var missing = replica.Slices.FindAsync(key with { BucketCount = 2 }, Never);
        var shared = replica.Slices.FindSharedAsync(key, QueueSet.None, Never);
        var taking = replica.Locks.TryTakeAsync(key.Text, hasPriority: true, Never);
        new[] { keeping.IsCompleted, missing.IsCompleted, shared.IsCompleted, taking.IsCompleted }.ShouldAllBe(isOver => isOver);

        await keeping;
        (await missing).ShouldBeNull();
        (await shared).ShouldBeNull();
        await using var taken = (await taking).ShouldNotBeNull();
        SliceBuilder.SumOf(replica.Slices.FindInMemory(key)).ShouldBe(1);
    }

    private static async Task AssertSharesAsync(Replica replica, RedisServer server)
    {
        await using var other = await Replica.ConnectedAsync(server);
        await replica.WaitForSubscribersAsync(replicas: 2);
        await replica.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(1), Week, memoryOnly: false);
        SliceBuilder.SumOf(await other.Slices.FindAsync(SliceBuilder.Key, Never)).ShouldBe(1);

        await other.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(2, fetchedAfterNoon: 1), Week, memoryOnly: false);
        await Eventually.IsTrueAsync(() => replica.Slices.FindInMemory(SliceBuilder.Key) is not { } here || SliceBuilder.SumOf(here) == 2, "the old copy is gone");
        SliceBuilder.SumOf(await replica.Slices.FindAsync(SliceBuilder.Key, Never)).ShouldBe(2);
    }
}
