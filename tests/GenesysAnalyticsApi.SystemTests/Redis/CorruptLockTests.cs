using CsCheck;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Redis;
using GenesysAnalyticsApi.Redis.Connection;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using GenesysAnalyticsApi.Tests.Redis.Infrastructure;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.SystemTests.Redis;

/// <summary>Locks, failure marks, counts and notifications in Redis that no replica would write.</summary>
public sealed class CorruptLockTests
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly (LogLevel, int) Invalid = (LogLevel.Warning, 5003);
    private static readonly GenesysOptions Options = new() { Region = "eu-west-1", ClientId = "client" };

    [Theory, EachRedis]
    public async Task A_lock_without_an_expiry_is_taken_over_by_one_replica(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);
        var name = a.Keys.Of("flight", "key");
        await a.Redis.Database!.StringSetAsync(name, "unknown owner");

        var taken = (await a.Locks.TryTakeAsync("key", hasPriority: true, Never)).ShouldNotBeNull();
        (await b.Locks.TryTakeAsync("key", hasPriority: true, Never)).ShouldBeNull();
        (await a.Redis.Database!.KeyTimeToLiveAsync(name)).ShouldNotBeNull().ShouldBeLessThanOrEqualTo(RedisLock.Life);
        await taken.DisposeAsync();
        (await a.Redis.Database!.KeyExistsAsync(name)).ShouldBeFalse();
        a.Log.ShouldBe([Invalid]);

        await a.Redis.Database!.StringSetAsync(name, "unknown owner", TimeSpan.FromDays(1));
        await using var again = (await b.Locks.TryTakeAsync("key", hasPriority: true, Never)).ShouldNotBeNull();
        b.Log.ShouldBe([Invalid]);
    }

    [Theory, EachRedis]
    public async Task A_lock_of_another_type_is_taken_over(string software)
    {
        using var server = RedisServer.Start(software);
        await using var replica = await Replica.ConnectedAsync(server);
        for (var kind = 0; kind < 4; kind++)
        {
            await CorruptedRedis.OfAnotherTypeAsync(replica.Redis.Database!, replica.Keys.Of("flight", "key"), kind);

            var taken = (await replica.Locks.TryTakeAsync("key", hasPriority: true, Never)).ShouldNotBeNull();
            await taken.DisposeAsync();
        }
    }

    [Theory, EachRedis]
    public async Task A_listing_does_not_wait_for_a_lock_without_an_expiry(string software)
    {
        using var server = RedisServer.Start(software);
        await using var replica = await Replica.ConnectedAsync(server);
        await replica.Redis.Database!.StringSetAsync(replica.Keys.Of("directory-turn"), "unknown owner");

        // On a clock that stands still, a wait would never end.
        await using var turn = await replica.Directory.WaitForTurnAsync(Never).WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Never);

        turn.ShouldNotBeNull();
    }

    [Theory, EachRedis]
    public async Task An_invalid_failure_mark_is_ignored_and_deleted(string software)
    {
        using var server = RedisServer.Start(software);
        await using var replica = await Replica.ConnectedAsync(server);
        var name = replica.Keys.Of("failed", "key");
        string[] marks =
        [
            "{}", "null", "[]", "7", "garbage", "{\"Kind\":\"Timeout\"}", "{\"Kind\":\"Timeout\",\"Message\":null}", "{\"Kind\":\"Timeout\",\"Message\":\"\"}",
            "{\"Kind\":99,\"Message\":\"x\"}", "{\"Kind\":\"Unheard of\",\"Message\":\"x\"}", "{\"Kind\":\"Timeout\",\"Message\":{}}",
            "{\"Kind\":\"RateLimited\",\"Message\":\"x\",\"RetryAfter\":\"10675199.02:48:05.4775807\"}",
            "{\"Kind\":\"RateLimited\",\"Message\":\"x\",\"RetryAfter\":\"-00:00:01\"}", "{\"Kind\":\"RateLimited\",\"Message\":\"x\",\"RetryAfter\":\"soon\"}",
            "{\"Kind\":\"Timeout\",\"Message\":\"x\",\"Status\":-1}", "{\"Kind\":\"Timeout\",\"Message\":\"\\ud800\"}",
            $"{{\"Kind\":\"Timeout\",\"Message\":\"{new string('x', 5_000)}\"}}", new('[', 10_000), new('x', 1_000_000),
        ];
        foreach (var mark in marks)
        {
            await replica.Redis.Database!.StringSetAsync(name, mark, TimeSpan.FromSeconds(30));

            (await replica.Locks.FailureOfAsync("key", Never)).ShouldBeNull(mark.Length > 100 ? mark[..100] : mark);
            (await replica.Redis.Database!.KeyExistsAsync(name)).ShouldBeFalse();
        }

        replica.Log.ShouldBe([Invalid]);
    }

    [Theory, EachRedis]
    public async Task A_failure_mark_without_an_expiry_does_not_block_requests(string software)
    {
        using var server = RedisServer.Start(software);
        await using var replica = await Replica.ConnectedAsync(server);
        var name = replica.Keys.Of("failed", "key");
        var failure = new GenesysFailure(GenesysFailureKind.RateLimited, "Too often.", RetryAfter: TimeSpan.FromDays(400));

        await replica.Locks.MarkFailedAsync("key", failure, TimeSpan.FromMinutes(1));
        (await replica.Locks.FailureOfAsync("key", Never))!.RetryAfter.ShouldBe(TimeSpan.FromDays(1));

        await replica.Redis.Database!.KeyPersistAsync(name);
        (await replica.Locks.FailureOfAsync("key", Never)).ShouldBeNull();
        (await replica.Redis.Database!.KeyExistsAsync(name)).ShouldBeFalse();
    }

    /// <summary>Every accepted mark can be reported to a caller.</summary>
    [Fact]
    public async Task A_mutated_failure_mark_is_valid_or_ignored()
    {
        using var server = RedisServer.Start(RedisServer.Software[^1]);
        await using var replica = await Replica.ConnectedAsync(server);
        var name = replica.Keys.Of("failed", "key");
        await replica.Locks.MarkFailedAsync(
            "key", new(GenesysFailureKind.RateLimited, "Too often.", 429, "too.many", "Rate limit", "c-1", TimeSpan.FromSeconds(7)), TimeSpan.FromMinutes(1));
        byte[] valid = (await replica.Redis.Database!.StringGetAsync(name))!;

        await Gen.Select(Gen.Int[0, valid.Length - 1], Gen.OneOf(Gen.Byte, GenChoice.OneOf((byte)'"', (byte)'{', (byte)'}', (byte)'0', (byte)'-', (byte)'\\'))).Array[1, 5].SampleAsync(
            async edits =>
            {
                var mark = valid.ToArray();
                foreach (var (place, value) in edits)
                {
                    mark[place] = value;
                }

                await replica.Redis.Database!.StringSetAsync(name, mark, TimeSpan.FromMinutes(1));
                if (await replica.Locks.FailureOfAsync("key", Never) is { } failure)
                {
                    GenesysAnalyticsApi.Errors.ProblemFactory.FromGenesys(failure).Detail.ShouldNotBeNullOrEmpty();
                    (failure.RetryAfter ?? TimeSpan.Zero).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromDays(1));
                }
            },
            iter: 1_000, threads: 1);
    }

    [Theory, EachRedis]
    public async Task A_count_of_another_type_is_deleted_and_restarted(string software)
    {
        using var server = RedisServer.Start(software);
        await using var replica = await Replica.ConnectedAsync(server);
        var limiter = new RedisRateLimit(replica.Redis, Microsoft.Extensions.Options.Options.Create(Options), replica.Clock);
        for (var kind = 0; kind < 4; kind++)
        {
            await CorruptedRedis.OfAnotherTypeAsync(replica.Redis.Database!, RedisRateLimit.KeyOf(Options), kind);

            (await limiter.TryTakeAsync(2, Never)).Count.ShouldBe(1);
            (await limiter.TryTakeAsync(2, Never)).Count.ShouldBe(2);
            (await limiter.TryTakeAsync(2, Never)).IsGranted.ShouldBeFalse();
        }

        replica.Log.ShouldBe([Invalid]);
    }

    [Theory, EachRedis]
    public async Task Requests_with_future_times_use_no_capacity(string software)
    {
        using var server = RedisServer.Start(software);
        await using var replica = await Replica.ConnectedAsync(server);
        var limiter = new RedisRateLimit(replica.Redis, Microsoft.Extensions.Options.Options.Create(Options), replica.Clock);
        SortedSetEntry[] planted = [.. Enumerable.Range(0, 50).Select(i => new SortedSetEntry($"planted-{i}", i % 2 == 0 ? double.PositiveInfinity : 1e17 + i))];
        await replica.Redis.Database!.SortedSetAddAsync(RedisRateLimit.KeyOf(Options), planted);
        await replica.Redis.Database!.SortedSetAddAsync(RedisRateLimit.KeyOf(Options), "of the past", double.NegativeInfinity);

        (await limiter.TryTakeAsync(10, Never)).ShouldBe(new SharedGrant(true, 1, TimeSpan.Zero));

        replica.Log.ShouldBe([Invalid]);
        (await replica.Redis.Database!.KeyTimeToLiveAsync(RedisRateLimit.KeyOf(Options))).ShouldNotBeNull();
    }

    [Theory, EachRedis]
    public async Task Invalid_notifications_are_ignored_and_the_next_valid_one_is_received(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);
        await a.WaitForSubscribersAsync(replicas: 2);
        await a.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(1), TimeSpan.FromDays(7), memoryOnly: false);
        await b.Slices.FindAsync(SliceBuilder.Key, Never);
        var channels = (string?[])(await a.Redis.Database!.ExecuteAsync("PUBSUB", "CHANNELS", a.Keys.Of("news") + "*"))!;

        await Gen.Byte.Array[0, 200].SampleAsync(
            async garbage => (await a.Redis.Database!.PublishAsync(RedisChannel.Literal(channels[0]!), garbage)).ShouldBe(2), iter: 300, threads: 1);
        await a.Redis.Database!.PublishAsync(RedisChannel.Literal(channels[0]!), new byte[1_000_000]);
        await a.Slices.StoreAsync(SliceBuilder.Key, SliceBuilder.With(2, fetchedAfterNoon: 1), TimeSpan.FromDays(7), memoryOnly: false);

        await Eventually.IsTrueAsync(async () => SliceBuilder.SumOf(await b.Slices.FindAsync(SliceBuilder.Key, Never)) == 2, "the other replica has the newer slice");
        b.Log.ShouldBe([Invalid]);
    }
}
