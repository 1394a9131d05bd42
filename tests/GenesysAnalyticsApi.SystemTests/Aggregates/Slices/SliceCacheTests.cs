using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysAnalyticsApi.Tests.Redis.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Slices;

public sealed class SliceCacheTests
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    [Fact]
    public async Task A_standalone_replica_caches_slices_in_memory()
    {
        using var cache = Standalone(64 * 1024 * 1024);

        (await cache.FindAsync(SliceBuilder.Key, Never)).ShouldBeNull();
        await cache.StoreAsync(SliceBuilder.Key, SliceBuilder.With(1), Week, memoryOnly: false);

        SliceBuilder.SumOf(await cache.FindAsync(SliceBuilder.Key, Never)).ShouldBe(1);
        SliceBuilder.SumOf(cache.FindInMemory(SliceBuilder.Key)).ShouldBe(1);
        (await cache.FindSharedAsync(SliceBuilder.Key, QueueSet.None, Never)).ShouldBeNull();
        cache.FindInMemory(SliceBuilder.Key with { Direction = "inbound" }).ShouldBeNull();
    }

    [Fact]
    public async Task An_older_slice_never_replaces_a_newer_one()
    {
        using var cache = Standalone(64 * 1024 * 1024);

        await cache.StoreAsync(SliceBuilder.Key, SliceBuilder.With(1, fetchedAfterNoon: 10), Week, memoryOnly: false);
        await cache.StoreAsync(SliceBuilder.Key, SliceBuilder.With(2, fetchedAfterNoon: 9), Week, memoryOnly: false);
        SliceBuilder.SumOf(cache.FindInMemory(SliceBuilder.Key)).ShouldBe(1);

        await cache.StoreAsync(SliceBuilder.Key, SliceBuilder.With(3, fetchedAfterNoon: 11), Week, memoryOnly: false);
        SliceBuilder.SumOf(cache.FindInMemory(SliceBuilder.Key)).ShouldBe(3);
    }

    [Fact]
    public async Task Memory_is_limited_by_bytes()
    {
        var slice = SliceBuilder.With(1);
        using var cache = Standalone(slice.Size * 10);

        for (var number = 1; number <= 100; number++)
        {
            await cache.StoreAsync(SliceBuilder.Key with { Group = $"group-{number}" }, slice, Week, memoryOnly: false);
        }

        Enumerable.Range(1, 100).Count(number => cache.FindInMemory(SliceBuilder.Key with { Group = $"group-{number}" }) is not null).ShouldBeInRange(1, 10);
    }

    [Theory, EachRedis]
    public async Task A_slice_stored_by_one_replica_is_found_by_the_others(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);

        await a.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(1), Week, memoryOnly: false);
        b.Slices.FindInMemory(SliceBuilder.Key).ShouldBeNull();
        var found = await b.Slices.FindAsync(SliceBuilder.Key, Never);

        SliceBuilder.TextOf(found.ShouldNotBeNull()).ShouldBe(SliceBuilder.TextOf(SliceBuilder.With(1)));
        b.Slices.FindInMemory(SliceBuilder.Key).ShouldBeSameAs(found);
    }

    [Theory, EachRedis]
    public async Task A_memory_only_slice_is_not_visible_to_other_replicas(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);

        await a.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(1), TimeSpan.FromMinutes(5), memoryOnly: true);

        a.Slices.FindInMemory(SliceBuilder.Key).ShouldNotBeNull();
        (await b.Slices.FindAsync(SliceBuilder.Key, Never)).ShouldBeNull();
    }

    [Theory, EachRedis]
    public async Task A_newly_stored_slice_replaces_the_copies_of_the_other_replicas(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);
        await a.WaitForSubscribersAsync(replicas: 2);
        await a.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(1), Week, memoryOnly: false);
        await b.Slices.FindAsync(SliceBuilder.Key, Never);

        await a.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(2, fetchedAfterNoon: 1), Week, memoryOnly: false);

        await Eventually.IsTrueAsync(
            async () => SliceBuilder.SumOf(await b.Slices.FindAsync(SliceBuilder.Key, Never)) == 2, "the other replica has the newer slice");
    }

    [Theory, EachRedis]
    public async Task A_newer_slice_in_Redis_takes_precedence_over_memory_and_is_not_replaced(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);
        await a.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(1), Week, memoryOnly: true);
        await b.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(3, fetchedAfterNoon: 3), Week, memoryOnly: false);

        await a.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(2, fetchedAfterNoon: 2), Week, memoryOnly: false);

        SliceBuilder.SumOf(await a.Slices.FindSharedAsync(SliceBuilder.Key, QueueSet.None, Never)).ShouldBe(3);
        SliceBuilder.SumOf(a.Slices.FindInMemory(SliceBuilder.Key)).ShouldBe(3);
        SliceBuilder.SumOf(await b.Slices.FindSharedAsync(SliceBuilder.Key, QueueSet.None, Never)).ShouldBe(3);
    }

    [Theory, EachRedis]
    public async Task An_unreadable_slice_counts_as_missing_and_is_replaced(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);
        await a.Redis.Database!.StringSetAsync(a.Keys.Of("slice") + SliceBuilder.Key.Text, "garbage that is long enough to have a header");

        (await a.Slices.FindAsync(SliceBuilder.Key, Never)).ShouldBeNull();
        (await a.Slices.FindSharedAsync(SliceBuilder.Key, QueueSet.None, Never)).ShouldBeNull();
        await a.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(1), Week, memoryOnly: false);

        SliceBuilder.SumOf(await b.Slices.FindAsync(SliceBuilder.Key, Never)).ShouldBe(1);
    }

    [Theory, EachRedis]
    public async Task Different_OAuth_clients_do_not_share_slices(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server, "client of one organization");
        await using var b = await Replica.ConnectedAsync(server, "client of another");

        await a.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(1), Week, memoryOnly: false);

        (await b.Slices.FindAsync(SliceBuilder.Key, Never)).ShouldBeNull();
    }

    [Theory, EachRedis]
    public async Task A_slice_keeps_its_full_lifetime_in_Redis(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);

        await a.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(1), TimeSpan.FromHours(2), memoryOnly: false);

        var life = await a.Redis.Database!.KeyTimeToLiveAsync(a.Keys.Of("slice") + SliceBuilder.Key.Text);
        life.ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromMinutes(119), TimeSpan.FromMinutes(120));
    }

    private static SliceCache Standalone(long maxBytes) =>
        new(Options.Create(new CacheStorageOptions { MaxBytes = maxBytes }), new FakeTimeProvider(SliceBuilder.Noon.ToDateTimeOffset().AddMinutes(15)), new LocalSliceReplication());
}
