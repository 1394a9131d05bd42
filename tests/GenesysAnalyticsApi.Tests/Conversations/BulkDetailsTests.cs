using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Tests.Conversations.Infrastructure;
using NodaTime;
using static GenesysAnalyticsApi.Tests.Conversations.Infrastructure.DetailsReading;

namespace GenesysAnalyticsApi.Tests.Conversations;

/// <summary>Asynchronous queries read the conversations that Genesys' bulk data covers. They are joined with newer ones without gaps or duplicates.</summary>
public sealed class BulkDetailsTests
{
    private static readonly Instant Now = DetailsStore.Now;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Bulk_data_and_newer_conversations_are_joined_without_gaps_or_duplicates(bool isDescending, bool isByActivity)
    {
        // Some conversations are in progress at the time up to which bulk data is complete, so their bulk record has no end.
        var store = new DetailsStore
        {
            All = [.. Enumerable.Range(0, 2_500).Select(number => Conversation(number, Now - Duration.FromMinutes(number + 1), number % 50 == 0 ? null : Duration.FromMinutes(number % 90)))],
        };
        var selection = new DetailsSelection(Now - Duration.FromDays(1), Now) { IsDescending = isDescending, IsByActivity = isByActivity };

        var (read, notes) = await ReadAsync(store, selection, most: 500, asyncAbove: 1_000);

        store.Jobs.ShouldHaveSingleItem();
        var expected = store.All.Where(one => isByActivity ? one.End is null || one.End >= selection.From : one.Start >= selection.From).OrderBy(one => one.Start).ThenBy(one => one.Id, StringComparer.Ordinal).ToList();
        if (isDescending)
        {
            expected.Reverse();
        }

        read.Select(one => (one.Id, one.End)).ShouldBe(expected.Select(one => (one.Id, one.End)));
        notes.DataAvailableUntil.ShouldBe(store.AvailableUntil);
        store.Requests.Max(request => request.PageNumber).ShouldBeLessThan(20);
    }

    [Fact]
    public async Task Without_bulk_data_for_the_interval_pages_are_read()
    {
        var store = new DetailsStore { All = [.. Enumerable.Range(0, 2_500).Select(number => Conversation(number, Now - Duration.FromMinutes(number + 1), Duration.FromMinutes(number % 90)))] };
        var selection = new DetailsSelection(Now - Duration.FromHours(3), Now);

        var (read, _) = await ReadAsync(store, selection, most: 500, asyncAbove: 100);

        store.Jobs.ShouldBeEmpty();
        read.Count.ShouldBe(store.All.Count(one => one.Start >= selection.From));
    }

    [Fact]
    public async Task A_conversation_that_began_before_the_interval_and_continued_after_the_bulk_data_is_found_by_activity()
    {
        // According to the bulk data, it was last active before the interval.
        var early = Conversation(9_000, Now - Duration.FromHours(8), null);
        var store = new DetailsStore
        {
            All = [early, .. Enumerable.Range(0, 2_500).Select(number => Conversation(number, Now - Duration.FromMinutes(number + 1), Duration.FromMinutes(number % 90)))],
            LastActivity = one => one == early ? early.Start + Duration.FromMinutes(1) : null,
        };
        var selection = new DetailsSelection(Now - Duration.FromHours(6) - Duration.FromMinutes(3), Now) { IsByActivity = true };

        var (read, _) = await ReadAsync(store, selection, most: 500, asyncAbove: 1_000);

        store.Jobs.ShouldHaveSingleItem();
        read.ShouldContain(early);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_conversation_is_lost_if_the_bulk_results_end_earlier_than_announced(bool isDescending)
    {
        var store = new DetailsStore
        {
            All = [.. Enumerable.Range(0, 2_500).Select(number => Conversation(number, Now - Duration.FromMinutes(number + 1), Duration.FromMinutes(number % 90)))],
            ResultsUntil = Now - Duration.FromHours(9),
        };
        var selection = new DetailsSelection(Now - Duration.FromDays(1), Now) { IsDescending = isDescending };

        var (read, notes) = await ReadAsync(store, selection, most: 500, asyncAbove: 1_000);

        read.Select(one => one.Id).Order(StringComparer.Ordinal).ShouldBe(store.All.Where(one => one.Start >= selection.From).Select(one => one.Id).Order(StringComparer.Ordinal));
        notes.DataAvailableUntil.ShouldBe(store.ResultsUntil);
    }

    [Fact]
    public async Task An_asynchronous_query_whose_interval_is_too_long_is_split_and_the_limit_is_remembered()
    {
        var store = new DetailsStore { All = [.. Enumerable.Range(0, 2_500).Select(number => Conversation(number, Now - Duration.FromMinutes(15 * number), Duration.FromMinutes(5)))], MaxJobDays = 7 };
        var (limit, selection) = (new DetailsIntervalLimit(), new DetailsSelection(Now - Duration.FromDays(26), Now));

        var (read, _) = await ReadAsync(store, selection, most: 5_000, limit, asyncAbove: 1_000);

        read.Select(one => one.Id).ShouldBe(store.All.Where(one => one.Start >= selection.From && one.Start < Now).OrderBy(one => one.Start).Select(one => one.Id));
        limit.AsynchronousDays.ShouldBe(7);
        store.Jobs.Count(job => job.To - job.From > Duration.FromDays(7)).ShouldBe(1);
    }

    [Fact]
    public async Task A_conversation_that_cannot_be_read_again_is_reported()
    {
        var store = new DetailsStore
        {
            All = [.. Enumerable.Range(0, 1_500).Select(number => Conversation(number, Now - Duration.FromMinutes(number + 1), number == 400 ? null : Duration.FromMinutes(1)))],
            Forgets = id => id == IdOf(400),
        };

        var (read, notes) = await ReadAsync(store, new DetailsSelection(Now - Duration.FromDays(1), Now), most: 500, asyncAbove: 1_000);

        read.Count.ShouldBe(store.All.Count(one => one.Start >= Now - Duration.FromDays(1)));
        notes.IsComplete.ShouldBeFalse();
        notes.Warnings.ShouldHaveSingleItem().ShouldContain("1 conversations were still in progress");
    }
}
