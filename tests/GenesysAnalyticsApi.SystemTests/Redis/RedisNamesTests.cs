using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Directories;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Redis.Directories;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysAnalyticsApi.Tests.Directories.Infrastructure;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Redis;

/// <summary>Replicas share the names of users. They share the names of wrap-up codes in the same way, under another key.</summary>
public sealed class RedisNamesTests
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 23, 12, 0);
    private static readonly NameCacheEntry User = new(ScriptedNames.Id(1), "Ada", IsActive: true, Now.ToUnixTimeTicks(), Listed: true);

    private static readonly Dictionary<string, NameCacheEntry?[]> Broken = new()
    {
        ["an entry is null"] = [User, null],
        ["an id is null"] = [User with { Id = null! }],
        ["an id is empty"] = [User with { Id = "" }],
        ["a duplicate id"] = [User, User with { Id = User.Id.ToUpperInvariant() }],
        ["a name is null"] = [User with { Name = null! }],
        ["a name is too long"] = [User with { Name = new string('x', 100_000) }],
        ["a time is out of range"] = [User with { LastSeen = long.MaxValue }],
        ["a time is before the range"] = [User with { LastSeen = long.MinValue }],
    };

    public static TheoryData<string> Faults => [.. Broken.Keys];

    [Theory, EachRedis]
    public async Task One_replica_reads_the_users_for_all_and_names_of_deleted_users_are_shared(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);
        var genesys = ScriptedNames.Listing([ScriptedNames.Listed(1, "Ada 🎉"), ScriptedNames.Listed(2, "Bob", isActive: false), ScriptedNames.Listed(3, "Eve", isActive: null)]);
        using var first = genesys.Users(a.Clock, a.Users);
        using var second = genesys.Users(b.Clock, b.Users);

        var read = await first.GetAsync(Never);
        var taken = await second.GetAsync(Never);

        genesys.Calls.ShouldBe(1);
        taken.ReadAt.ShouldBe(read.ReadAt);
        taken.Entries.ShouldBe(read.Entries);

        genesys.Reply = ScriptedNames.Pages([ScriptedNames.Listed(1, "Ada 🎉")]);
        a.Clock.Advance(TimeSpan.FromMinutes(5));
        b.Clock.Advance(TimeSpan.FromMinutes(5));
        await second.RefreshAsync(Never);
        var again = await first.RefreshAsync(Never);
        genesys.Calls.ShouldBe(2);
        again.Entries.Select(user => (user.Name, user.IsActive, user.Listed)).ShouldBe([("Ada 🎉", true, true), ("Bob", false, false), ("Eve", null, false)]);
        again.Find(ScriptedNames.Id(2))!.LastSeen.ShouldBe(read.ReadAt);
    }

    [Theory, EachRedis]
    public async Task Users_and_wrap_up_codes_do_not_share_a_key(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        using var users = ScriptedNames.Listing([ScriptedNames.Listed(1, "Ada")]).Users(a.Clock, a.Users);
        using var codes = ScriptedNames.Listing([ScriptedNames.Listed(1, "Sold", isActive: null)]).WrapUpCodes(a.Clock, a.WrapUpCodes);

        await users.GetAsync(Never);

        (await codes.GetAsync(Never)).Entries.ShouldHaveSingleItem().Name.ShouldBe("Sold");
        (await a.Users.LoadAsync(Never)).ShouldNotBeNull().Entries.ShouldHaveSingleItem().Name.ShouldBe("Ada");
    }

    [Theory, EachRedis]
    public async Task A_replica_that_starts_during_an_outage_uses_the_last_shared_users(string software)
    {
        using var server = RedisServer.Start(software);
        await using var a = await Replica.ConnectedAsync(server);
        await using var b = await Replica.ConnectedAsync(server);
        using (var earlier = ScriptedNames.Listing([ScriptedNames.Listed(1, "Ada")]).Users(a.Clock, a.Users))
        {
            await earlier.GetAsync(Never);
        }

        b.Clock.Advance(TimeSpan.FromDays(2));
        using var directory = new ScriptedNames { Reply = ScriptedNames.Failing(GenesysFailureKind.Unavailable) }.Users(b.Clock, b.Users);

        (await directory.GetAsync(Never)).Entries.ShouldHaveSingleItem().Name.ShouldBe("Ada");
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_corrupt_value_is_deleted_logged_once_and_read_from_Genesys(string fault)
    {
        using var server = RedisServer.Start(RedisServer.Software[^1]);
        await using var replica = await Replica.ConnectedAsync(server);
        var stamp = Instant.FromDateTimeOffset(replica.Clock.GetUtcNow());
        await replica.Redis.Database!.StringSetAsync(Key(replica), VersionedPayload.Write(NameCacheEntry.Version, stamp, Broken[fault]));

        (await replica.Users.LoadAsync(Never)).ShouldBeNull();

        (await replica.Redis.Database!.KeyExistsAsync(Key(replica))).ShouldBeFalse();
        replica.Log.ShouldBe([(LogLevel.Warning, 5003)]);
        using var directory = ScriptedNames.Listing([ScriptedNames.Listed(7, "Bob")]).Users(replica.Clock, replica.Users);
        (await directory.GetAsync(Never)).Entries.ShouldHaveSingleItem().Name.ShouldBe("Bob");
    }

    [Theory, EachRedis]
    public async Task A_value_of_another_version_is_ignored_and_replaced(string software)
    {
        using var server = RedisServer.Start(software);
        await using var replica = await Replica.ConnectedAsync(server);
        var stamp = Instant.FromDateTimeOffset(replica.Clock.GetUtcNow());
        await replica.Redis.Database!.StringSetAsync(Key(replica), VersionedPayload.Write<NameCacheEntry?[]>((byte)(NameCacheEntry.Version + 1), stamp, [User]));

        (await replica.Users.LoadAsync(Never)).ShouldBeNull();

        (await replica.Redis.Database!.KeyExistsAsync(Key(replica))).ShouldBeTrue("a newer replica may have written it");
        replica.Log.ShouldBeEmpty();
        using var directory = ScriptedNames.Listing([ScriptedNames.Listed(7, "Bob")]).Users(replica.Clock, replica.Users);
        await directory.GetAsync(Never);
        (await replica.Users.LoadAsync(Never)).ShouldNotBeNull().Entries.ShouldHaveSingleItem().Name.ShouldBe("Bob");
    }

    /// <summary>Every accepted value is a listing that can be turned into a directory.</summary>
    [Fact]
    public async Task A_mutated_value_is_valid_or_counts_as_missing()
    {
        using var server = RedisServer.Start(RedisServer.Software[^1]);
        await using var replica = await Replica.ConnectedAsync(server);
        NameCacheEntry[] users = [User, User with { Id = "ININ-WRAP-UP-TIMEOUT", Name = "Sälés 🎉", IsActive = null, Listed = false }];
        var valid = VersionedPayload.Write(NameCacheEntry.Version, Instant.FromDateTimeOffset(replica.Clock.GetUtcNow()), users);

        await CsCheck.Check.SampleAsync(
            CorruptedRedis.Mutation(valid),
            async bytes =>
            {
                await replica.Redis.Database!.StringSetAsync(Key(replica), bytes);
                if (await replica.Users.LoadAsync(Never) is { } listing)
                {
                    new NameSnapshot(listing.ReadAt, listing.Entries).Entries.ShouldAllBe(user => user.LastSeen <= listing.ReadAt && user.FoldedName != null);
                }
            },
            iter: 500, threads: 1);
    }

    private static string Key(Replica replica) => replica.Keys.Of(UserDirectory.Listing);
}
