using System.Net;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Chaos;

/// <summary>What callers see of a service that is told to stop: nothing.</summary>
public sealed class StoppingTests : IAsyncLifetime
{
    private const string Day = "/aggregates?from=2026-03-10&to=2026-03-11&granularity=PT1H";
    private const string Aggregates = "/api/v2/analytics/conversations/aggregates";

    private GenesysSimulator.Simulator _simulator = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _simulator = await GenesysSimulator.Simulator.StartAsync(
        new SimulatorSettings { Queues = 4, Volume = 0.1, RequestsPerMinute = 100_000 }, TimeProvider.System, Cancelled);

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task An_answer_that_is_under_way_is_finished_and_nobody_new_is_let_in()
    {
        using var service = new ReplicaProcess(_simulator);
        await service.IsReadyAsync();
        _simulator.Faults.Set([new SimulatorFault(FaultNames.Slow, "3", 1, Aggregates)]);
        var asking = service.Client.GetAsync(new Uri(Day, UriKind.Relative), Cancelled);
        await Eventually.IsTrueAsync(IsAsked, "Genesys is asked");

        service.AskToStop();
        await Eventually.IsTrueAsync(() => RefusesConnectionsAsync(service), "no new connection is taken");

        asking.IsCompleted.ShouldBeFalse();
        using var answer = await asking;
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.ConnectionClose.ShouldBe(true);
        (await answer.Content.ReadAsStringAsync(Cancelled)).ShouldContain("\"complete\":true");
        (await service.ExitCodeAsync()).ShouldBe(0);
        service.Log.ShouldAllBe(line => !line.Contains("\"@x\"", StringComparison.Ordinal), "no exception is logged");
    }

    [Fact]
    public async Task While_it_drains_it_is_not_ready_and_still_answers()
    {
        using var service = new ReplicaProcess(_simulator, ("Limits__DrainTime", "00:00:10"));
        await service.IsReadyAsync();
        (await StatusAsync(service, Day)).ShouldBe(HttpStatusCode.OK, "asked before, so that a busy machine answers it within the drain time");

        service.AskToStop();
        await Eventually.IsTrueAsync(async () => await StatusAsync(service, "/health/ready") == HttpStatusCode.ServiceUnavailable, "it is not ready any more");

        (await StatusAsync(service, Day)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(service, "/health/live")).ShouldBe(HttpStatusCode.OK);
        (await service.ExitCodeAsync()).ShouldBe(0);
        service.Log.ShouldContain(line => line.Contains("The service stops", StringComparison.Ordinal));
    }

    [Theory, EachRedis]
    public async Task What_it_was_fetching_another_replica_may_fetch_at_once(string software)
    {
        using var redis = RedisServer.Start(software);
        using var first = new ReplicaProcess(_simulator, ("Cache__Redis", redis.ConnectionString));
        using var second = new ReplicaProcess(_simulator, ("Cache__Redis", redis.ConnectionString));
        await first.IsReadyAsync();
        await second.IsReadyAsync();
        _simulator.Faults.Set([new SimulatorFault(FaultNames.Hang, null, 1, Aggregates)]);
        using var leaving = new CancellationTokenSource();
        var asking = first.Client.GetAsync(new Uri(Day, UriKind.Relative), leaving.Token);
        await Eventually.IsTrueAsync(IsAsked, "Genesys is asked");

        // Its caller goes away, so that there is nobody to wait for.
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(asking);
        first.AskToStop();
        var started = TimeProvider.System.GetTimestamp();
        var status = await StatusAsync(second, Day);

        status.ShouldBe(HttpStatusCode.OK);
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10), "the lock of the first would last for 15");
        (await first.ExitCodeAsync()).ShouldBe(0);
    }

    /// <summary>The fault has been met: calls are recorded when they are over.</summary>
    private bool IsAsked() => _simulator.Faults.Active is [];

    private static async Task<bool> RefusesConnectionsAsync(ReplicaProcess service)
    {
        // A client of its own: connections that are open already stay so.
        using var client = new HttpClient { BaseAddress = service.Address };
        try
        {
            using var answer = await client.GetAsync(new Uri("/health/live", UriKind.Relative), Cancelled);
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(ReplicaProcess service, string path)
    {
        using var answer = await service.Client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
        return answer.StatusCode;
    }
}
