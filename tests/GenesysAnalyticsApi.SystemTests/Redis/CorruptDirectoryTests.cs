using CsCheck;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Redis.Directories;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Redis;

/// <summary>Queue listings in Redis with a valid checksum but contents that no replica would write.</summary>
public sealed class CorruptDirectoryTests
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly ServiceLevelCacheEntry Level = new("voice", 0.8, 20_000);
    private static readonly QueueCacheEntry Queue = new(QueueBuilder.Id(1), "Sales", null, null, 3, [Level], QueueBuilder.Now.ToUnixTimeTicks(), Listed: true);

    private static readonly Dictionary<string, QueueCacheEntry?[]> Broken = new()
    {
        ["a queue is null"] = [Queue, null],
        ["an id is null"] = [Queue with { Id = null! }],
        ["an id is empty"] = [Queue with { Id = "" }],
        ["a duplicate id"] = [Queue, Queue with { Id = Queue.Id.ToUpperInvariant() }],
        ["a name is null"] = [Queue with { Name = null! }],
        ["a name is too long"] = [Queue with { Name = new string('x', 100_000) }],
        ["a division name is too long"] = [Queue with { DivisionName = new string('x', 100_000) }],
        ["no service levels"] = [Queue with { ServiceLevels = null! }],
        ["a service level is null"] = [Queue with { ServiceLevels = [null] }],
        ["a media type is null"] = [Queue with { ServiceLevels = [Level with { MediaType = null! }] }],
        ["a duplicate media type"] = [Queue with { ServiceLevels = [Level, Level] }],
        ["a target is not a number"] = [Queue with { ServiceLevels = [Level with { Target = double.NaN }] }],
        ["a target is infinite"] = [Queue with { ServiceLevels = [Level with { Target = double.PositiveInfinity }] }],
        ["a time is out of range"] = [Queue with { LastSeen = long.MaxValue }],
        ["a time is before the range"] = [Queue with { LastSeen = long.MinValue }],
    };

    public static TheoryData<string> Faults => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_corrupt_listing_is_discarded_logged_once_and_read_from_Genesys(string fault)
    {
        using var server = RedisServer.Start(RedisServer.Software[^1]);
        await using var replica = await Replica.ConnectedAsync(server);
        await PlantAsync(replica, await VersionAsync(replica), Instant.FromDateTimeOffset(replica.Clock.GetUtcNow()), Broken[fault]);

        await AssertIsReadFromGenesysAsync(replica);

        replica.Log.ShouldBe([(LogLevel.Warning, 5003)]);
    }

    [Theory, EachRedis]
    public async Task A_listing_from_the_future_is_ignored(string software)
    {
        using var server = RedisServer.Start(software);
        await using var replica = await Replica.ConnectedAsync(server);
        await PlantAsync(replica, await VersionAsync(replica), Instant.FromUtc(9000, 1, 1, 0, 0), [Queue with { Name = "Planted" }]);

        await AssertIsReadFromGenesysAsync(replica);
    }

    [Theory, EachRedis]
    public async Task A_key_of_another_type_counts_as_missing_and_is_replaced(string software)
    {
        using var server = RedisServer.Start(software);
        for (var kind = 0; kind < 4; kind++)
        {
            await using var replica = await Replica.ConnectedAsync(server);
            await CorruptedRedis.OfAnotherTypeAsync(replica.Redis.Database!, replica.Keys.Of("directory"), kind);

            await AssertIsReadFromGenesysAsync(replica);
        }
    }

    /// <summary>Every accepted value is a listing that can be turned into a directory and shown.</summary>
    [Fact]
    public async Task A_mutated_listing_is_valid_or_read_from_Genesys()
    {
        using var server = RedisServer.Start(RedisServer.Software[^1]);
        await using var replica = await Replica.ConnectedAsync(server);
        QueueCacheEntry[] queues = [Queue, Queue with { Id = QueueBuilder.Id(2), Name = "Sälés 🎉", DivisionId = QueueBuilder.Division(1), DivisionName = "North" }];
        var valid = VersionedPayload.Write(await VersionAsync(replica), Instant.FromDateTimeOffset(replica.Clock.GetUtcNow()), queues);

        await CorruptedRedis.Mutation(valid).SampleAsync(
            async bytes =>
            {
                await replica.Redis.Database!.StringSetAsync(Key(replica), bytes);
                if (await replica.Directory.LoadAsync(Never) is { } listing)
                {
                    var snapshot = new QueueDirectorySnapshot(listing.ReadAt, listing.Entries);
                    foreach (var queue in snapshot.Queues)
                    {
                        snapshot.Find(queue.Id).ShouldBeSameAs(queue);
                        System.Text.Json.JsonSerializer.Serialize(queue.ServiceLevels).ShouldNotBeEmpty();
                        System.Text.Encoding.UTF8.GetByteCount(queue.Name + queue.Id).ShouldBePositive();
                    }
                }
            },
            iter: 1_000, threads: 1);
    }

    private static string Key(Replica replica) => replica.Keys.Of("directory");

    private static async Task PlantAsync(Replica replica, byte version, Instant stamp, QueueCacheEntry?[] queues) =>
        await replica.Redis.Database!.StringSetAsync(Key(replica), VersionedPayload.Write(version, stamp, queues));

    /// <summary>The version that the service writes. It ignores any other before it checks anything else.</summary>
    private static async Task<byte> VersionAsync(Replica replica)
    {
        await replica.Directory.SaveAsync(new(QueueBuilder.Now - Duration.FromDays(1), []), Never);
        byte[] written = (await replica.Redis.Database!.StringGetAsync(Key(replica)))!;
        return written[0];
    }

    private static async Task AssertIsReadFromGenesysAsync(Replica replica)
    {
        var genesys = ScriptedQueues.Listing([QueueBuilder.Listed(7, "Support")]);
        using var directory = genesys.Directory(replica.Clock, replica.Directory);

        (await directory.GetAsync(Never)).Queues.ShouldHaveSingleItem().Name.ShouldBe("Support");
        genesys.Calls.ShouldBe(1);

        // The replica shares the listing that it has read with the others.
        (await replica.Directory.LoadAsync(Never)).ShouldNotBeNull().Entries.ShouldHaveSingleItem().Name.ShouldBe("Support");
    }
}
