using GenesysAnalyticsApi.Directories;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Directories;

public sealed class EntityListingTests
{
    [Fact]
    public async Task Every_page_is_read()
    {
        var genesys = ScriptedQueues.Listing([QueueBuilder.Listed(1, "A")], [QueueBuilder.Listed(2, "B")], [QueueBuilder.Listed(3, "C")]);

        var listing = await ReadAsync(genesys);

        listing.Entities.Select(queue => queue.Name).ShouldBe(["A", "B", "C"]);
        listing.IsComplete.ShouldBeTrue();
        genesys.Calls.ShouldBe(3);
    }

    [Fact]
    public async Task An_organization_without_queues_has_a_complete_listing()
    {
        var genesys = new ScriptedQueues { Reply = (_, _) => Task.FromResult(new ListPage<GenesysQueue>([], 1, 0, HasNext: false)) };

        var listing = await ReadAsync(genesys);

        listing.Entities.ShouldBeEmpty();
        listing.IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task A_queue_that_moves_between_pages_is_kept_once_as_read_last()
    {
        var genesys = ScriptedQueues.Listing([QueueBuilder.Listed(1, "A"), QueueBuilder.Listed(2, "B")], [QueueBuilder.Listed(1, "Z")]);

        var listing = await ReadAsync(genesys);

        listing.Entities.Select(queue => queue.Name).ShouldBe(["Z", "B"], ignoreOrder: true);
    }

    [Fact]
    public async Task An_empty_page_before_the_end_makes_the_listing_incomplete()
    {
        var genesys = ScriptedQueues.Listing([QueueBuilder.Listed(1, "A")], [], [QueueBuilder.Listed(3, "C")]);

        var listing = await ReadAsync(genesys);

        listing.IsComplete.ShouldBeFalse();
        genesys.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task A_missing_next_page_before_the_end_makes_the_listing_incomplete()
    {
        var genesys = new ScriptedQueues { Reply = (_, _) => Task.FromResult(new ListPage<GenesysQueue>([QueueBuilder.Listed(1, "A")], 1, 3, HasNext: false)) };

        (await ReadAsync(genesys)).IsComplete.ShouldBeFalse();
    }

    [Fact]
    public async Task A_repeated_page_is_unreadable()
    {
        var genesys = new ScriptedQueues
        {
            // A, B, A, B, …: numbered as requested, but the same queues repeat.
            Reply = (number, _) => Task.FromResult(new ListPage<GenesysQueue>([QueueBuilder.Listed(number % 2, "A"), QueueBuilder.Listed(9, "C")], number, 500, HasNext: true)),
        };

        await ShouldBeUnreadable(genesys);
        genesys.Calls.ShouldBe(3);
    }

    [Fact]
    public async Task A_page_number_that_does_not_advance_is_unreadable()
    {
        var genesys = new ScriptedQueues
        {
            Reply = (number, _) => Task.FromResult(new ListPage<GenesysQueue>([QueueBuilder.Listed(number, "A")], 1, 5, HasNext: true)),
        };

        await ShouldBeUnreadable(genesys);
        genesys.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task An_endless_listing_is_unreadable()
    {
        var genesys = new ScriptedQueues
        {
            Reply = (number, _) => Task.FromResult(new ListPage<GenesysQueue>([QueueBuilder.Listed(number, "A")], number, number + 1, HasNext: true)),
        };

        await ShouldBeUnreadable(genesys);
        genesys.Calls.ShouldBe(EntityListing.MaxPages);
    }

    private static Task<EntityListing<GenesysQueue>> ReadAsync(ScriptedQueues genesys) =>
        EntityListing.ReadAsync("queue", number => genesys.ListQueuesAsync(number, RequestOrigin.Service, CancellationToken.None));

    private static async Task ShouldBeUnreadable(ScriptedQueues genesys)
    {
        var thrown = await Should.ThrowAsync<GenesysException>(ReadAsync(genesys));
        thrown.Failure.Kind.ShouldBe(GenesysFailureKind.Unreadable);
        thrown.Calls.ShouldBe(genesys.Calls);
    }
}
