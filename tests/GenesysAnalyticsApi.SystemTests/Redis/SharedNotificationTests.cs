using System.Text.Json;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.SystemTests.Chaos;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observations.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Redis;

/// <summary>One replica holds the notification channels, and all replicas get the state.</summary>
public sealed class SharedNotificationTests
{
    [Theory, EachRedis]
    public async Task One_replica_holds_the_channels_and_another_takes_over_when_it_stops(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await StartAsync(redis);
        await using var other = given.Replica();
        using var otherClient = other.CreateClient();
        RunningService[] replicas = [given.Service, other];
        // On a slow machine, a replica that does not reach Redis immediately holds its own channels at first.
        await given.FakeClock.AdvanceUntilAsync(() => replicas.All(HasNotifications) && replicas.Count(Holds) == 1, "one replica holds the channels, and both have the state", 120);
        var (holder, follower) = Holds(other) ? (other, given.Service) : (given.Service, other);
        using var client = follower.CreateClient();

        await using var subscriber = await StreamSubscriber.OpenAsync(client);
        await subscriber.NextAsync();
        var reading = subscriber.ReadUntilAsync("change");
        await given.FakeClock.AdvanceUntilAsync(() => reading.IsCompleted, "the other replica has a change", 120);
        await reading;
        subscriber.Meta.GetProperty("source").GetString().ShouldBe("notifications");
        Holds(follower).ShouldBeFalse();

        await holder.DisposeAsync();
        var stopped = given.FakeClock.GetUtcNow();
        await given.FakeClock.AdvanceUntilAsync(
            () => Holds(follower) && HasNotifications(follower) && AsOf(follower) > stopped, "the other replica holds the channels", 60);
    }

    [Theory, EachRedis]
    public async Task Without_Redis_each_replica_holds_its_own_channels(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await StartAsync(redis);
        await using var other = given.Replica();
        using var otherClient = other.CreateClient();
        RunningService[] replicas = [given.Service, other];
        await given.FakeClock.AdvanceUntilAsync(() => replicas.All(HasNotifications) && replicas.Count(Holds) == 1, "one replica holds the channels, and both have the state", 120);

        redis.Stop();
        var lost = given.FakeClock.GetUtcNow();
        await given.FakeClock.AdvanceUntilAsync(() => replicas.All(replica => Holds(replica) && HasNotifications(replica) && AsOf(replica) > lost), "both replicas hold channels", 120);
    }

    [Theory, EachRedis]
    public async Task After_a_Redis_outage_one_replica_holds_the_channels_again_and_all_have_the_correct_state(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var given = await StartAsync(redis);
        await using var other = given.Replica();
        using var otherClient = other.CreateClient();
        RunningService[] replicas = [given.Service, other];
        HttpClient[] clients = [given.Client, otherClient];
        await given.FakeClock.AdvanceUntilAsync(() => replicas.All(HasNotifications) && replicas.Count(Holds) == 1, "one replica holds the channels, and both have the state", 120);
        await given.EqualsQueryAsync(replicas);

        for (var outage = 0; outage < 2; outage++)
        {
            redis.Stop();
            var gone = given.FakeClock.GetUtcNow();
            for (var second = 0; second < 15; second++)
            {
                given.FakeClock.Advance(TimeSpan.FromSeconds(1));
                await AssertLabelsAreCorrectAsync(given, clients);
            }

            await given.FakeClock.AdvanceUntilAsync(
                () => replicas.All(replica => Holds(replica) && HasNotifications(replica) && AsOf(replica) > gone), "each replica holds its own channels", 60);
            await given.EqualsQueryAsync(replicas);

            redis.Restart();
            var back = given.FakeClock.GetUtcNow();
            await given.FakeClock.AdvanceUntilAsync(() => replicas.Count(Holds) == 1 && given.Simulator.ConnectedChannels == 1, "one replica holds the channels again", 15);

            // From then on, the other replica gets its state through Redis.
            var settled = given.FakeClock.GetUtcNow();
            await given.FakeClock.AdvanceUntilAsync(
                () => replicas.All(replica => HasNotifications(replica) && AsOf(replica) > settled), "both have the state", 15 - (int)(settled - back).TotalSeconds, isFirst: true);
            await AssertLabelsAreCorrectAsync(given, clients);
            await given.EqualsQueryAsync(replicas);
        }

        await given.FakeClock.AdvanceUntilAsync(() => replicas.All(replica => !StateOf(replica).Latest!.IsRepaired), "no state is labeled as repaired", 30);
        (replicas.Count(Holds), given.Simulator.ConnectedChannels).ShouldBe((1, 1));
    }

    /// <summary>A state is at most as old as documented, or labeled stale; and it is complete, or labeled incomplete.</summary>
    private static async Task AssertLabelsAreCorrectAsync(SimulatedService given, IEnumerable<HttpClient> clients)
    {
        foreach (var client in clients)
        {
            var pending = given.QueryAsync("/observations?groupBy=queue", client);

            // A replica may wait for a state that another replica is reading.
            while (await Task.WhenAny(pending, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System)) != pending)
            {
                given.FakeClock.Advance(TimeSpan.FromMilliseconds(100));
            }

            var body = await pending;
            var meta = body.GetProperty("meta");
            var isStale = meta.GetProperty("stale").GetBoolean();
            (meta.GetProperty("ageMs").GetInt64() <= 10_000 || isStale).ShouldBeTrue($"{meta}");
            (body.GetProperty("records").GetArrayLength() >= 8 || !meta.GetProperty("complete").GetBoolean()).ShouldBeTrue($"{meta}");
            body.GetProperty("warnings").EnumerateArray().Any(warning => warning.GetProperty("code").GetString() == "stale").ShouldBe(isStale);
        }
    }

    [Theory, EachRedis]
    public async Task When_the_replica_with_the_channels_is_killed_the_other_keeps_a_complete_state_and_takes_over(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var simulator = await GenesysSimulator.Simulator.StartAsync(new GenesysSimulator.SimulatorSettings { Queues = 8, RequestsPerMinute = 100_000 }, TimeProvider.System, TestCancellation);
        (string, string)[] settings = [("Cache__Redis", redis.ConnectionString), ("Genesys__Notifications", "true")];
        using var holder = new ReplicaProcess(simulator, settings);
        await holder.IsReadyAsync();
        await Eventually.IsTrueAsync(async () => (await MetaAsync(holder)).GetProperty("source").GetString() == "notifications", "the first replica holds the channels");
        using var other = new ReplicaProcess(simulator, settings);
        await other.IsReadyAsync();

        holder.Kill();
        var killed = TimeProvider.System.GetUtcNow();
        await Eventually.IsTrueAsync(
            async () =>
            {
                var meta = await MetaAsync(other);
                meta.GetProperty("complete").GetBoolean().ShouldBeTrue();
                meta.GetProperty("ageMs").GetInt64().ShouldBeLessThanOrEqualTo(15_000);
                return meta.GetProperty("source").GetString() == "notifications" && meta.GetProperty("asOf").GetDateTimeOffset() > killed && simulator.ConnectedChannels == 1;
            },
            "the other replica holds the channels");
    }

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    private static async Task<JsonElement> MetaAsync(ReplicaProcess replica) =>
        JsonSerializer.Deserialize<JsonElement>(await replica.Client.GetStringAsync(new Uri("/observations?groupBy=none", UriKind.Relative), TestCancellation)).GetProperty("meta");

    private static Task<SimulatedService> StartAsync(RedisServer redis) => SimulatedService.StartAsync(
        settings: new() { ["Cache:Redis"] = redis.ConnectionString, ["Genesys:Notifications"] = "true" }, replace: PatientRedisConnection.Add);

    private static LiveState StateOf(RunningService service) => service.Services.GetRequiredService<LiveState>();

    private static bool HasNotifications(RunningService service) => StateOf(service).Latest is { Source: LiveSource.Notifications };

    private static DateTimeOffset AsOf(RunningService service) => StateOf(service).Latest!.AsOf.ToDateTimeOffset();

    /// <summary>According to its log, the replica has taken the channels and not given them up since.</summary>
    private static bool Holds(RunningService service)
    {
        var eventIds = service.Log.Events.Select(logEvent => logEvent.Properties.TryGetValue("EventId", out var id) ? $"{id}" : "").ToList();
        return eventIds.Count(id => id.Contains("9209", StringComparison.Ordinal)) > eventIds.Count(id => id.Contains("9210", StringComparison.Ordinal));
    }
}
