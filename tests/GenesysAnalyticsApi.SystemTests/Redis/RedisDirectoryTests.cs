using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Redis;

public sealed class RedisDirectoryTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory, EachRedis]
    public async Task A_listing_survives_a_round_trip(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);
        (await b.Directory.LoadAsync(Never)).ShouldBeNull();
        var levels = QueueBuilder.Listed(1, "").ServiceLevels;
        var listing = QueueBuilder.Directory(
            QueueBuilder.Known(1, "Sälés, 🎉", division: 1) with { ServiceLevels = levels },
            QueueBuilder.Known(2, "Gone", listed: false) with { ServiceLevels = levels, LastSeen = QueueBuilder.Now - Duration.FromDays(1) });

        await a.Directory.SaveAsync(new(listing.ReadAt, listing.Queues), Never);
        var back = (await b.Directory.LoadAsync(Never)).ShouldNotBeNull();

        back.ReadAt.ShouldBe(listing.ReadAt);
        back.Entries.Select(one => one with { ServiceLevels = Empty }).ShouldBe(listing.Queues.Select(one => one with { ServiceLevels = Empty }));
        back.Entries[0].ServiceLevels.ShouldBe(levels, ignoreOrder: true);

        await b.Directory.SaveAsync(new(QueueBuilder.Now - Duration.FromSeconds(1), []), Never);
        (await a.Directory.LoadAsync(Never))!.Entries.Count.ShouldBe(2);
    }

    [Theory, EachRedis]
    public async Task An_unreadable_listing_counts_as_missing(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);

        await a.Redis.Database!.StringSetAsync(a.Keys.Of("directory"), "garbage that is long enough to have a header");

        (await a.Directory.LoadAsync(Never)).ShouldBeNull();
    }

    [Theory, EachRedis]
    public async Task One_replica_reads_the_listing_for_all(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);
        var genesys = ScriptedQueues.Listing([QueueBuilder.Listed(1, "Sales"), QueueBuilder.Listed(2, "Support")]);
        using var first = DirectoryOf(a, genesys);
        using var second = DirectoryOf(b, genesys);

        await first.RefreshAsync(Never);
        var taken = await second.RefreshAsync(Never);
        genesys.Calls.ShouldBe(1);
        taken.ReadAt.ShouldBe(first.Current!.ReadAt);
        taken.Queues.Select(queue => queue.Name).ShouldBe(["Sales", "Support"]);

        // The second replica refreshes first, and then the first uses what the second has read.
        genesys.Reply = ScriptedQueues.Pages([QueueBuilder.Listed(2, "Support")]);
        Advance(TimeSpan.FromMinutes(5), a, b);
        await second.RefreshAsync(Never);
        var again = await first.RefreshAsync(Never);
        genesys.Calls.ShouldBe(2);
        again.Queues.Select(queue => (queue.Name, queue.Listed)).ShouldBe([("Sales", false), ("Support", true)]);
    }

    [Theory, EachRedis]
    public async Task Replicas_that_are_due_at_the_same_time_read_one_after_the_other(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);
        var page = new TaskCompletionSource<ListPage<GenesysQueue>>();
        var requested = new TaskCompletionSource();
        var genesys = new ScriptedQueues
        {
            Reply = (_, _) =>
            {
                requested.TrySetResult();
                return page.Task;
            },
        };
        using var first = DirectoryOf(a, genesys);
        using var second = DirectoryOf(b, genesys);

        var reading = first.RefreshAsync(Never);
        await requested.Task;
        var waiting = second.RefreshAsync(Never);
        page.SetResult(new ListPage<GenesysQueue>([QueueBuilder.Listed(1, "Sales")], 1, 1, HasNext: false));
        await reading;
        await Eventually.IsTrueAsync(
            () =>
            {
                b.Clock.Advance(TimeSpan.FromSeconds(1));
                return waiting.IsCompleted;
            },
            "the second replica has its turn");

        (await waiting).Queues.ShouldHaveSingleItem();
        genesys.Calls.ShouldBe(1);
    }

    [Theory, EachRedis]
    public async Task A_replica_that_starts_during_an_outage_uses_the_last_shared_listing(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);
        using (var earlier = DirectoryOf(a, ScriptedQueues.Listing([QueueBuilder.Listed(1, "Sales")])))
        {
            await earlier.RefreshAsync(Never);
        }

        Advance(TimeSpan.FromDays(2), b);
        using var directory = DirectoryOf(b, new ScriptedQueues { Reply = ScriptedQueues.Failing(GenesysFailureKind.Unavailable) });
        var snapshot = await directory.GetAsync(Never);

        snapshot.Queues.ShouldHaveSingleItem().Name.ShouldBe("Sales");
        snapshot.ReadAt.ShouldBe(Instant.FromDateTimeOffset(a.Clock.GetUtcNow()));
        await Should.ThrowAsync<GenesysException>(directory.RefreshAsync(Never));
    }

    [Theory, EachRedis]
    public async Task An_incomplete_listing_is_not_shared(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        using var directory = DirectoryOf(a, ScriptedQueues.Listing([QueueBuilder.Listed(1, "Sales")], [], [QueueBuilder.Listed(2, "Support")]));

        (await directory.RefreshAsync(Never)).Queues.ShouldHaveSingleItem();

        (await a.Directory.LoadAsync(Never)).ShouldBeNull();
    }

    [Theory, EachRedis]
    public async Task Without_Redis_every_replica_reads_the_listing_itself(string software)
    {
        using var server = RedisServer.Absent(software);
        await using var a = new Replica(server);
        await a.Redis.StartAsync(Never);
        using var directory = DirectoryOf(a, ScriptedQueues.Listing([QueueBuilder.Listed(1, "Sales")]));

        (await directory.RefreshAsync(Never)).Queues.ShouldHaveSingleItem();
    }

    private static readonly Dictionary<string, QueueServiceLevel> Empty = [];

    private static QueueDirectory DirectoryOf(Replica replica, ScriptedQueues genesys) => genesys.Directory(replica.Clock, replica.Directory);

    private static void Advance(TimeSpan time, params Replica[] replicas)
    {
        foreach (var replica in replicas)
        {
            replica.Clock.Advance(time);
        }
    }
}
