using System.Net;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.SystemTests.Chaos;

/// <summary>Stopping the service causes no failed responses.</summary>
public sealed class StoppingTests : IAsyncLifetime
{
    private const string Day = "/aggregates?from=2026-03-10&to=2026-03-11&granularity=PT1H";
    private const string Aggregates = "/api/v2/analytics/conversations/aggregates";

    private GenesysSimulator.Simulator _simulator = null!;

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _simulator = await GenesysSimulator.Simulator.StartAsync(
        new SimulatorSettings { Queues = 4, Volume = 0.1, RequestsPerMinute = 100_000 }, TimeProvider.System, TestCancellation);

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task A_response_in_progress_is_completed_and_no_new_connection_is_accepted()
    {
        using var service = new ReplicaProcess(_simulator);
        await service.IsReadyAsync();
        _simulator.Faults.Set([new SimulatorFault(FaultNames.Slow, "3", 1, Aggregates)]);
        var pending = service.Client.GetAsync(new Uri(Day, UriKind.Relative), TestCancellation);
        await Eventually.IsTrueAsync(HasReceivedRequest, "Genesys receives the request");

        service.RequestStop();
        await Eventually.IsTrueAsync(() => RejectsConnectionsAsync(service), "no new connection is accepted");

        pending.IsCompleted.ShouldBeFalse();
        using var response = await pending;
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.ConnectionClose.ShouldBe(true);
        (await response.Content.ReadAsStringAsync(TestCancellation)).ShouldContain("\"complete\":true");
        (await service.ExitCodeAsync()).ShouldBe(0);
        service.Log.ShouldAllBe(line => !line.Contains("\"@x\"", StringComparison.Ordinal), "no exception is logged");
    }

    [Fact]
    public async Task A_draining_service_is_not_ready_but_still_responds()
    {
        using var service = new ReplicaProcess(_simulator, ("Limits__DrainTime", "00:00:10"));
        await service.IsReadyAsync();
        (await StatusAsync(service, Day)).ShouldBe(HttpStatusCode.OK, "cached, so that a busy machine responds within the drain time");

        service.RequestStop();
        await Eventually.IsTrueAsync(async () => await StatusAsync(service, "/health/ready") == HttpStatusCode.ServiceUnavailable, "the service is no longer ready");

        (await StatusAsync(service, Day)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(service, "/health/live")).ShouldBe(HttpStatusCode.OK);
        (await service.ExitCodeAsync()).ShouldBe(0);
        service.Log.ShouldContain(line => line.Contains("The service is shutting down", StringComparison.Ordinal));
    }

    [Theory, EachRedis]
    public async Task A_stopped_replica_releases_its_lock_so_that_another_can_fetch_the_slice(string software)
    {
        using var redis = RedisServer.Start(software);
        using var first = new ReplicaProcess(_simulator, ("Cache__Redis", redis.ConnectionString));
        using var second = new ReplicaProcess(_simulator, ("Cache__Redis", redis.ConnectionString));
        await first.IsReadyAsync();
        await second.IsReadyAsync();
        // A replica is also ready without Redis, and then takes no lock.
        await Eventually.IsTrueAsync(() => HasSubscribersAsync(redis, 2), "both replicas reach Redis");
        using var leaving = new CancellationTokenSource();
        Task pending;
        (RedisKey Key, RedisValue Owner)? taken;
        var day = 1;
        do
        {
            // On a busy machine, Redis can be too slow. The replica then fetches the slice without a lock.
            day.ShouldBeLessThan(20, "no fetch took a lock");
            _simulator.ClearCalls();
            _simulator.Faults.Set([new SimulatorFault(FaultNames.Hang, null, 1, Aggregates)]);
            pending = first.Client.GetAsync(new Uri(DayOf(day++), UriKind.Relative), leaving.Token);
            await Eventually.IsTrueAsync(HasReceivedRequest, "Genesys receives the request");
            taken = await LockAsync(redis);
        }
        while (taken is null);

        var (key, owner) = taken.Value;

        // The caller disconnects, so that the replica has no response to wait for.
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(pending);
        first.RequestStop();
        (await first.ExitCodeAsync()).ShouldBe(0);

        // The test does not measure time, because a busy machine is slow: only the owner can release the lock before it expires.
        (await RedisValueAsync(redis, key)).ShouldNotBe(owner, "the stopped replica has released its lock");
        (await StatusAsync(second, DayOf(day - 1))).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<(RedisKey Key, RedisValue Owner)?> LockAsync(RedisServer redis)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        RedisKey[] keys = [.. connection.GetServers().Single().Keys(pattern: "*:flight:*")];
        return keys is [var key] ? (key, await connection.GetDatabase().StringGetAsync(key)) : null;
    }

    private static async Task<bool> HasSubscribersAsync(RedisServer redis, int replicas)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var channels = (string?[]?)await connection.GetDatabase().ExecuteAsync("PUBSUB", "CHANNELS", "*news*") ?? [];
        return channels is [{ } channel] && (int)(await connection.GetDatabase().ExecuteAsync("PUBSUB", "NUMSUB", channel))[1] == replicas;
    }

    private static async Task<RedisValue> RedisValueAsync(RedisServer redis, RedisKey key)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        return await connection.GetDatabase().StringGetAsync(key);
    }

    private static string DayOf(int number) => $"/aggregates?from=2026-03-{9 + number:00}&to=2026-03-{10 + number:00}&granularity=PT1H";

    /// <summary>Whether the fault has occurred. The list of calls does not show it, because calls are recorded only when they are over.</summary>
    private bool HasReceivedRequest() => _simulator.Faults.Active is [];

    private static async Task<bool> RejectsConnectionsAsync(ReplicaProcess service)
    {
        // A separate client, because open connections stay open.
        using var client = new HttpClient { BaseAddress = service.Address };
        try
        {
            using var response = await client.GetAsync(new Uri("/health/live", UriKind.Relative), TestCancellation);
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(ReplicaProcess service, string path)
    {
        using var response = await service.Client.GetAsync(new Uri(path, UriKind.Relative), TestCancellation);
        return response.StatusCode;
    }
}
