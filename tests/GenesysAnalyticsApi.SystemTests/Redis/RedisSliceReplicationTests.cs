using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Redis;
using GenesysAnalyticsApi.Redis.Connection;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Redis;

public sealed class RedisSliceReplicationTests
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory, EachRedis]
    public async Task Only_one_replica_at_a_time_holds_the_lock(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);

        var taken = (await a.Locks.TryTakeAsync("key", hasPriority: true, Never)).ShouldNotBeNull();
        (await b.Locks.TryTakeAsync("key", hasPriority: true, Never)).ShouldBeNull();
        (await a.Locks.TryTakeAsync("key", hasPriority: true, Never)).ShouldBeNull();
        await using var other = (await b.Locks.TryTakeAsync("another key", hasPriority: true, Never)).ShouldNotBeNull();
        await taken.DisposeAsync();

        await using var next = (await b.Locks.TryTakeAsync("key", hasPriority: true, Never)).ShouldNotBeNull();
    }

    [Theory, EachRedis]
    public async Task A_lock_expires_and_is_not_released_by_its_former_holder(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);

        var expired = (await new RedisSliceReplication(a.Redis, a.Keys, new SharedTime(a.GenesysClock, a.Clock), a.Clock) { Life = TimeSpan.FromMilliseconds(50) }.TryTakeAsync("key", hasPriority: true, Never)).ShouldNotBeNull();
        IAsyncDisposable? taken = null;
        await Eventually.IsTrueAsync(async () => (taken = await b.Locks.TryTakeAsync("key", hasPriority: true, Never)) is not null, "the lock expires");
        await expired.DisposeAsync();

        (await a.Locks.TryTakeAsync("key", hasPriority: true, Never)).ShouldBeNull();
        await taken!.DisposeAsync();
    }

    [Theory, EachRedis]
    public async Task A_lock_is_renewed_while_held_but_not_by_its_former_holder(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);
        var taken = (await a.Locks.TryTakeAsync("key", hasPriority: true, Never)).ShouldNotBeNull();
        await AgeAsync();

        a.Clock.Advance(RedisLock.RenewalInterval);
        await Eventually.IsTrueAsync(async () => await LeftAsync() > RedisLock.RenewalInterval, "the lock is renewed");
        (await LeftAsync()).ShouldBeLessThanOrEqualTo(RedisLock.Life);

        // As after a Redis outage that is longer than the lifetime of the lock.
        await a.Redis.Database!.KeyDeleteAsync(a.Keys.Of("flight", "key"));
        await using var other = (await b.Locks.TryTakeAsync("key", hasPriority: true, Never)).ShouldNotBeNull();
        await AgeAsync();
        a.Clock.Advance(RedisLock.RenewalInterval);
        await taken.DisposeAsync();
        (await LeftAsync()).ShouldBeLessThanOrEqualTo(RedisLock.RenewalInterval);

        Task AgeAsync() => b.Redis.Database!.KeyExpireAsync(b.Keys.Of("flight", "key"), RedisLock.RenewalInterval);

        async Task<TimeSpan> LeftAsync() => (await b.Redis.Database!.KeyTimeToLiveAsync(b.Keys.Of("flight", "key"))).ShouldNotBeNull();
    }

    [Theory, EachRedis]
    public async Task A_failure_is_shared_with_the_other_replicas_until_it_expires(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);
        var failure = new GenesysFailure(
            GenesysFailureKind.RateLimited, "Too often.", 429, "too.many.requests", "Rate limit exceeded", "c-1", TimeSpan.FromSeconds(7));

        (await b.Locks.FailureOfAsync("key", Never)).ShouldBeNull();
        await a.Locks.MarkFailedAsync("key", failure, Minute);
        (await b.Locks.FailureOfAsync("key", Never)).ShouldBe(failure);
        (await b.Locks.FailureOfAsync("another key", Never)).ShouldBeNull();

        await a.Locks.MarkFailedAsync("key", failure, TimeSpan.FromMilliseconds(50));
        await Eventually.IsTrueAsync(async () => await b.Locks.FailureOfAsync("key", Never) is null, "the failure is forgotten");
    }

    [Theory, EachRedis]
    public async Task An_unreadable_failure_mark_is_ignored(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await a.Redis.Database!.StringSetAsync(a.Keys.Of("failed", "key"), """{"Kind":"Unheard of"}""");

        (await a.Locks.FailureOfAsync("key", Never)).ShouldBeNull();
    }

    [Fact]
    public async Task A_standalone_replica_gets_every_lock()
    {
        var locks = new LocalSliceReplication();

        await using var first = (await locks.TryTakeAsync("key", hasPriority: true, Never)).ShouldNotBeNull();
        await using var second = (await locks.TryTakeAsync("key", hasPriority: true, Never)).ShouldNotBeNull();
        await locks.MarkFailedAsync("key", new(GenesysFailureKind.Timeout, "Late."), Minute);
        (await locks.FailureOfAsync("key", Never)).ShouldBeNull();
    }
}
