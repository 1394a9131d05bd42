using CsCheck;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Tests.Conversations.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Conversations;

/// <summary>All conversations of an interval are read, each once, whatever their number and whatever changes meanwhile.</summary>
public sealed class DetailsReaderTests
{
    private static readonly Instant Now = DetailsStore.Now;

    private static readonly Gen<List<ConversationDetail>> Conversations =
        Gen.Select(Gen.Int[0, 10 * 24 * 60], Gen.Int[0, 40 * 60], Gen.Bool).List[0, 400].Select(all =>
            all.Select((one, index) => Conversation(index, Now - Duration.FromMinutes(one.Item1), one.Item3 ? null : Duration.FromMinutes(one.Item2))).ToList());

    [Fact]
    public Task Every_conversation_is_read_once_and_in_order() =>
        Gen.Select(Conversations, Gen.Int[1, 12 * 24], Gen.Int[1, 12 * 24], Gen.Bool, Gen.Bool, Gen.Int[100, 300], Gen.Int[1, 31], Gen.Bool).SampleAsync(
            async (all, hoursBack, hours, isDescending, isByActivity, most, days, isLazy) =>
            {
                var store = new DetailsStore { All = all, MaxDays = days };
                var from = Now - Duration.FromHours(hoursBack);
                var selection = new DetailsSelection(from, Instant.Min(Now, from + Duration.FromHours(hours)))
                {
                    IsDescending = isDescending,
                    IsByActivity = isByActivity,
                    MaxPerPiece = isLazy ? 40 : null,
                };

                var (read, notes) = await ReadAsync(store, selection, most);

                var expected = all
                    .Where(one => isByActivity
                        ? one.Start < selection.To && (one.End is null || one.End >= from) && one.Start >= from - Duration.FromDays(3)
                        : one.Start >= from && one.Start < selection.To)
                    .OrderBy(one => one.Start).ThenBy(one => one.Id, StringComparer.Ordinal).Select(one => one.Id).ToList();
                if (isDescending)
                {
                    expected.Reverse();
                }

                return read.Select(one => one.Id).SequenceEqual(expected) && notes.IsComplete && notes.Warnings.Count == 0;
            },
            iter: 400);

    [Fact]
    public Task A_conversation_that_moves_between_pages_is_neither_lost_nor_doubled() =>
        Gen.Select(Conversations, Gen.Int[1, 30], Gen.Int[0, 99], Gen.Bool).SampleAsync(
            async (all, query, position, isRepeated) =>
            {
                // One page has a conversation of the page before instead of its own, or twice.
                var store = new DetailsStore
                {
                    All = all,
                    Distort = (number, request, page) => number != query || request.PageSize == 1 || page.Conversations.Length <= position ? page
                        : page with { Conversations = isRepeated ? page.Conversations.Add(page.Conversations[position]) : page.Conversations.RemoveAt(position) },
                };
                var selection = new DetailsSelection(Now - Duration.FromDays(10), Now);

                var (read, _) = await ReadAsync(store, selection, most: 150);

                return read.Select(one => one.Id).Order(StringComparer.Ordinal)
                    .SequenceEqual(all.Where(one => one.Start >= selection.From && one.Start < selection.To).Select(one => one.Id).Order(StringComparer.Ordinal));
            },
            iter: 300);

    [Fact]
    public Task What_arrives_while_pages_are_read_loses_nothing_that_was_there() =>
        Gen.Select(Conversations, Gen.Int[1, 20], Gen.Int[0, 600]).SampleAsync(
            async (all, query, minutes) =>
            {
                var before = all.ToList();
                var late = Conversation(9_999, Now - Duration.FromMinutes(minutes), Duration.FromMinutes(3));
                var store = new DetailsStore
                {
                    All = all,
                    Before = (number, known) =>
                    {
                        if (number == query)
                        {
                            known.Add(late);
                        }
                    },
                };
                var selection = new DetailsSelection(Now - Duration.FromDays(10), Now);

                var (read, _) = await ReadAsync(store, selection, most: 150);

                var ids = read.Select(one => one.Id).ToList();
                return ids.Distinct().Count() == ids.Count
                    && before.Where(one => one.Start >= selection.From && one.Start < selection.To).All(one => ids.Contains(one.Id));
            },
            iter: 200);

    [Fact]
    public async Task A_conversation_that_Genesys_counts_but_does_not_return_is_reported()
    {
        var store = new DetailsStore
        {
            All = [.. Enumerable.Range(0, 250).Select(number => Conversation(number, Now - Duration.FromMinutes(number + 5), Duration.FromMinutes(2)))],
            Distort = (_, _, page) => page with { Conversations = page.Conversations.RemoveAll(one => one.Id == IdOf(7)) },
        };

        var (read, notes) = await ReadAsync(store, new DetailsSelection(Now - Duration.FromHours(9), Now), most: 5_000);

        read.Count.ShouldBe(249);
        notes.IsComplete.ShouldBeFalse();
        notes.MissingConversations.ShouldBe(1);
        notes.Warnings.ShouldHaveSingleItem().ShouldStartWith("Genesys counts 250 conversations");
        notes.Warnings.ShouldHaveSingleItem().ShouldEndWith("and 249 were read.");
    }

    [Fact]
    public async Task The_longest_interval_is_learnt_from_the_first_refusal()
    {
        var store = new DetailsStore { All = [Conversation(1, Now - Duration.FromDays(20), Duration.FromMinutes(2))], MaxDays = 7 };
        var limit = new DetailsIntervalLimit();
        var selection = new DetailsSelection(Now - Duration.FromDays(30), Now);

        var (read, _) = await ReadAsync(store, selection, most: 5_000, limit);

        read.ShouldHaveSingleItem();
        limit.Days.ShouldBe(7);
        store.Requests.Count(request => request.To - request.From > Duration.FromDays(7)).ShouldBe(1);
        await ReadAsync(store, selection, most: 5_000, limit);
        store.Requests.Count(request => request.To - request.From > Duration.FromDays(7)).ShouldBe(1);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Bulk_data_and_newer_conversations_are_joined_without_loss_or_repeat(bool isDescending, bool isByActivity)
    {
        // Some run across the time up to which bulk data is complete; their bulk record has no end.
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
    public async Task Without_bulk_data_of_the_interval_pages_are_read()
    {
        var store = new DetailsStore { All = [.. Enumerable.Range(0, 2_500).Select(number => Conversation(number, Now - Duration.FromMinutes(number + 1), Duration.FromMinutes(number % 90)))] };
        var selection = new DetailsSelection(Now - Duration.FromHours(3), Now);

        var (read, _) = await ReadAsync(store, selection, most: 500, asyncAbove: 100);

        store.Jobs.ShouldBeEmpty();
        read.Count.ShouldBe(store.All.Count(one => one.Start >= selection.From));
    }

    [Fact]
    public async Task A_conversation_that_began_before_the_interval_and_ran_over_the_end_of_the_bulk_data_is_active_in_it()
    {
        // As of the end of the bulk data, it was last active before the interval.
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
    public async Task Bulk_results_that_end_earlier_than_announced_lose_nothing(bool isDescending)
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
    public async Task An_asynchronous_query_that_is_too_long_is_split_and_the_limit_is_remembered()
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
        notes.Warnings.ShouldHaveSingleItem().ShouldContain("1 conversations still ran");
    }

    [Fact]
    public Task Reading_that_stops_after_some_calls_goes_on_where_it_stopped() =>
        Gen.Select(Conversations, Gen.Int[1, 200], Gen.Bool, Gen.Bool).SampleAsync(
            async (all, hoursBack, isDescending, isByActivity) =>
            {
                var store = new DetailsStore { All = all };
                var selection = new DetailsSelection(Now - Duration.FromHours(hoursBack), Now) { IsDescending = isDescending, IsByActivity = isByActivity, MaxPerPiece = 20 };
                var (whole, _) = await ReadAsync(store, selection, most: 5_000);

                var read = new List<string>();
                Instant? resumesAt = null;
                do
                {
                    var (some, notes) = await ReadAsync(store, selection with { MaxCalls = 3, ResumesAt = resumesAt }, most: 5_000);
                    // The time at which reading stopped belongs to the part before, if the latest come first.
                    read.AddRange(some.Where(one => !isDescending || resumesAt is null || one.Start < resumesAt).Select(one => one.Id));
                    resumesAt = notes.StoppedAt;
                }
                while (resumesAt is not null);

                return read.SequenceEqual(whole.Select(one => one.Id));
            },
            iter: 200);

    [Fact]
    public async Task A_page_of_a_long_interval_costs_few_requests()
    {
        var store = new DetailsStore { All = [.. Enumerable.Range(0, 20_000).Select(number => Conversation(number, Now - Duration.FromMinutes(2 * number), Duration.FromMinutes(5)))] };
        var reader = Reader(store, most: 5_000);

        await foreach (var _ in reader.ReadAsync(new DetailsSelection(Now - Duration.FromDays(28), Now) { MaxPerPiece = 200 }, new DetailsNotes(), TestContext.Current.CancellationToken))
        {
            break;
        }

        store.Requests.Count.ShouldBeLessThan(12);
    }

    private static DetailsReader Reader(DetailsStore store, int most, DetailsIntervalLimit? limit = null, int asyncAbove = 1_000_000) => new(
        store, limit ?? new DetailsIntervalLimit(), Options.Create(new ConversationsOptions { MaxConversationsPerPiece = most, AsyncFromConversations = asyncAbove }), NullLogger<DetailsReader>.Instance);

    private static async Task<(List<ConversationDetail> Read, DetailsNotes Notes)> ReadAsync(
        DetailsStore store, DetailsSelection selection, int most, DetailsIntervalLimit? limit = null, int asyncAbove = 1_000_000)
    {
        var notes = new DetailsNotes();
        var read = await Reader(store, most, limit, asyncAbove).ReadAsync(selection, notes, CancellationToken.None).ToListAsync();
        return (read, notes);
    }

    private static ConversationDetail Conversation(int number, Instant start, Duration? length) =>
        new() { Id = IdOf(number), Start = start, End = length is { } given && start + given < Now ? start + given : null };

    private static string IdOf(int number) => new Guid(number, 0, 0, new byte[8]).ToString();
}
