using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Redis;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Redis;

/// <summary>The shared request count, on each server that implements the Redis protocol.</summary>
public sealed class RedisRateLimitTests : IAsyncDisposable
{
    private readonly GenesysOptions _options = new() { Region = "eu-west-1", ClientId = "client", RequestsPerMinute = 60, MaxConcurrentRequests = 1000 };
    private readonly List<Replica> _replicas = [];
    private readonly List<RedisRateLimit> _limiters = [];
    private RedisServer? _server;

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory, EachRedis]
    public async Task Two_replicas_together_never_exceed_the_limit(string software)
    {
        await StartAsync(software);
        var taken = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => _limiters[i % 2].TryTakeAsync(60, TestCancellation)));

        var granted = taken.Where(one => one.IsGranted).ToList();
        granted.Select(one => one.Count!.Value).Order().ShouldBe(Enumerable.Range(1, 60));
        taken.Where(one => !one.IsGranted).ShouldAllBe(one =>
            one.Count == 60 && one.Wait > TimeSpan.FromSeconds(30) && one.Wait <= SlidingWindow.Length);
    }

    [Theory, EachRedis]
    public async Task A_lower_limit_waits_until_enough_requests_have_expired(string software)
    {
        await StartAsync(software);
        await TakeAsync(_limiters[0], 10);
        var oldest = await _replicas[0].Redis.Database!.SortedSetRangeByRankWithScoresAsync(RedisRateLimit.KeyOf(_options));

        // As if the requests had been sent one second apart, the last one just now.
        for (var i = 0; i < 10; i++)
        {
            await _replicas[0].Redis.Database!.SortedSetAddAsync(RedisRateLimit.KeyOf(_options), oldest[i].Element, oldest[9].Score - ((9 - i) * 1000));
        }

        var wait = (await _limiters[1].TryTakeAsync(8, TestCancellation)).Wait;

        // Three of the ten requests must expire before the next one. The third-oldest request is seven seconds old.
        wait.ShouldBeInRange(SlidingWindow.Length - TimeSpan.FromSeconds(20), SlidingWindow.Length - TimeSpan.FromSeconds(7) + TimeSpan.FromMilliseconds(1));
    }

    [Theory, EachRedis]
    public async Task Requests_older_than_a_minute_no_longer_count_and_the_key_expires(string software)
    {
        await StartAsync(software);
        var key = RedisRateLimit.KeyOf(_options);
        await TakeAsync(_limiters[0], 5);
        foreach (var entry in await _replicas[0].Redis.Database!.SortedSetRangeByRankWithScoresAsync(key))
        {
            await _replicas[0].Redis.Database!.SortedSetAddAsync(key, entry.Element, entry.Score - SlidingWindow.Length.TotalMilliseconds);
        }

        (await _limiters[1].TryTakeAsync(5, TestCancellation)).ShouldBe(new SharedGrant(true, 1, TimeSpan.Zero));
        (await _replicas[1].Redis.Database!.KeyTimeToLiveAsync(key))!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), SlidingWindow.Length);
    }

    [Theory, EachRedis]
    public async Task Another_organization_has_a_separate_limit(string software)
    {
        await StartAsync(software);
        await TakeAsync(_limiters[0], 60);
        var another = LimiterOf(_replicas[0], new GenesysOptions { Region = "eu-west-1", ClientId = "another" });
        var elsewhere = LimiterOf(_replicas[0], new GenesysOptions { Region = "us-east-1", ClientId = "client" });

        (await another.TryTakeAsync(60, TestCancellation)).Count.ShouldBe(1);
        (await elsewhere.TryTakeAsync(60, TestCancellation)).Count.ShouldBe(1);
        RedisRateLimit.KeyOf(new GenesysOptions { Region = "mypurecloud.ie", ClientId = "client" }).ShouldBe(RedisRateLimit.KeyOf(_options));
        RedisRateLimit.KeyOf(_options).ToString().ShouldNotContain("client");
    }

    [Theory, EachRedis]
    public async Task Without_Redis_each_replica_counts_alone_and_they_count_together_again_when_it_is_back(string software)
    {
        await StartAsync(software);
        await TakeAsync(_limiters[0], 60);
        (await _limiters[1].TryTakeAsync(60, TestCancellation)).IsGranted.ShouldBeFalse();

        _server!.Stop();
        (await _limiters[0].TryTakeAsync(60, TestCancellation)).ShouldBe(SharedGrant.Alone);
        (await _limiters[1].TryTakeAsync(60, TestCancellation)).ShouldBe(SharedGrant.Alone);

        _server.Restart();
        await Task.WhenAll(_replicas.Select(replica => replica.ReachesRedisAsync()));
        await TakeAsync(_limiters[0], 60);
        (await _limiters[1].TryTakeAsync(60, TestCancellation)).IsGranted.ShouldBeFalse();
    }

    [Theory, EachRedis]
    public async Task A_slow_Redis_delays_no_request(string software)
    {
        await StartAsync(software, freezes: true);
        await using var impatient = await Replica.ConnectedAsync(_server!, secondsPerCommand: 0.25);
        _server!.Freeze();
        try
        {
            (await LimiterOf(impatient, _options).TryTakeAsync(60, TestCancellation)).ShouldBe(SharedGrant.Alone);
        }
        finally
        {
            _server.Thaw();
        }
    }

    [Theory, EachRedis]
    public async Task Two_rate_limiters_together_grant_no_more_requests_than_one(string software)
    {
        await StartAsync(software);
        var clock = new FakeTimeProvider();
        using var first = new GenesysRateLimiter(clock, Options.Create(_options), _limiters[0]);
        using var second = new GenesysRateLimiter(clock, Options.Create(_options), _limiters[1]);

        var leases = Enumerable.Range(0, 100)
            .Select(i => (i % 2 == 0 ? first : second).AcquireAsync(RequestOrigin.Anonymous, TimeSpan.FromSeconds(20), TestCancellation))
            .ToList();
        await Task.WhenAll(leases).ContinueWith(_ => { }, TestCancellation, TaskContinuationOptions.None, TaskScheduler.Default);

        leases.Count(one => one.IsCompletedSuccessfully).ShouldBe(60);
        leases.Where(one => one.IsFaulted)
            .Select(one => ((GenesysException)one.Exception!.InnerException!).Failure)
            .ShouldAllBe(failure => failure.Kind == GenesysFailureKind.RateLimited && failure.RetryAfter > TimeSpan.FromSeconds(20));
        foreach (var limiter in new[] { first, second })
        {
            // A limiter whose requests were all granted does not know yet that none are left.
            await Should.ThrowAsync<GenesysException>(() => limiter.AcquireAsync(RequestOrigin.Anonymous, TimeSpan.Zero, TestCancellation));
            limiter.State.Used.ShouldBe(60);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
        {
            await replica.DisposeAsync();
        }

        _server?.Dispose();
    }

    private async Task StartAsync(string software, bool freezes = false)
    {
        _server = RedisServer.Start(software, freezes);
        for (var number = 0; number < 2; number++)
        {
            _replicas.Add(await Replica.ConnectedAsync(_server));
            _limiters.Add(LimiterOf(_replicas[number], _options));
        }
    }

    private static async Task TakeAsync(RedisRateLimit limiter, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            (await limiter.TryTakeAsync(requests, TestCancellation)).IsGranted.ShouldBeTrue();
        }
    }

    private static RedisRateLimit LimiterOf(Replica replica, GenesysOptions options) => new(replica.Redis, Options.Create(options), replica.Clock);
}
