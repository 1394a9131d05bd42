using CsCheck;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Tests.Conversations.Infrastructure;
using NodaTime;
using static GenesysAnalyticsApi.Tests.Conversations.Infrastructure.DetailsReading;

namespace GenesysAnalyticsApi.Tests.Conversations;

/// <summary>All conversations of an interval are read, each once, regardless of their number and of changes during the read.</summary>
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
    public Task A_conversation_that_moves_between_pages_is_neither_lost_nor_duplicated() =>
        Gen.Select(Conversations, Gen.Int[1, 30], Gen.Int[0, 99], Gen.Bool).SampleAsync(
            async (all, query, position, isRepeated) =>
            {
                // On one page, a conversation is missing or occurs twice.
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
    public Task A_conversation_that_arrives_while_pages_are_read_causes_no_loss_of_others() =>
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
        notes.Warnings.ShouldHaveSingleItem().ShouldEndWith("but 249 were read.");
        notes.WarningsFor(seesAll: false).ShouldHaveSingleItem().ShouldNotContain("250", Case.Sensitive);
    }

    [Fact]
    public async Task The_longest_interval_is_learned_from_the_first_rejection()
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

    [Fact]
    public Task A_read_that_stops_after_some_calls_can_be_continued() =>
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
                    // In descending order, the time at which the read stopped belongs to the previous part.
                    read.AddRange(some.Where(one => !isDescending || resumesAt is null || one.Start < resumesAt).Select(one => one.Id));
                    resumesAt = notes.StoppedAt;
                }
                while (resumesAt is not null);

                return read.SequenceEqual(whole.Select(one => one.Id));
            },
            iter: 200);

    [Fact]
    public async Task After_ten_pages_a_read_continues_with_background_priority()
    {
        var store = new DetailsStore { All = [.. Enumerable.Range(0, 2_000).Select(index => Conversation(index, Now - Duration.FromMinutes(index), Duration.FromMinutes(5)))] };
        var selection = new DetailsSelection(Now - Duration.FromDays(2), Now) { Origin = new RequestOrigin("caller", IsBackground: false), MaxPerPiece = 100 };

        await ReadAsync(store, selection, 2_000);

        store.Requests.Count.ShouldBeGreaterThan(20);
        store.Requests.Take(10).ShouldAllBe(request => !request.Origin.IsBackground, "most queries need few pages");
        store.Requests.Skip(10).ShouldAllBe(request => request.Origin.IsBackground);
    }

    [Fact]
    public async Task A_page_of_a_long_interval_costs_few_requests()
    {
        var store = new DetailsStore { All = [.. Enumerable.Range(0, 20_000).Select(number => Conversation(number, Now - Duration.FromMinutes(2 * number), Duration.FromMinutes(5)))] };
        var reader = Reader(store, most: 5_000);

        await foreach (var _ in reader.ReadAsync(new DetailsSelection(Now - Duration.FromDays(28), Now) { MaxPerPiece = 200 }, new DetailsReadReport(), TestContext.Current.CancellationToken))
        {
            break;
        }

        store.Requests.Count.ShouldBeLessThan(12);
    }

    [Fact]
    public Task A_piece_that_fails_is_retried_or_reported_and_the_others_are_read() =>
        Gen.Select(Conversations, Gen.Int[2, 20], Gen.Int[1, 6], Gen.Int[0, 3], Gen.Bool).SampleAsync(
            async (all, first, failures, maxRetries, isDescending) =>
            {
                // Some consecutive queries fail, and a failed piece is retried up to maxRetries times.
                var tries = new Dictionary<DetailsPiece, int>();
                var store = new DetailsStore
                {
                    All = all,
                    Distort = (number, _, page) => number >= first && number < first + failures ? throw new GenesysException(new GenesysFailure(GenesysFailureKind.Unavailable, "gone")) : page,
                };
                var selection = new DetailsSelection(Now - Duration.FromDays(5), Now)
                {
                    IsDescending = isDescending,
                    MaxPerPiece = 40,
                    ShouldRetryPiece = (piece, _, _) => Task.FromResult((tries[piece] = tries.GetValueOrDefault(piece) + 1) <= maxRetries),
                };

                var (read, notes) = await ReadAsync(store, selection, 100);

                var expected = all.Where(one => one.Start >= selection.From && one.Start < selection.To && !notes.FailedPieces.Any(failed => failed.Piece.Contains(one.Start)))
                    .OrderBy(one => one.Start).ThenBy(one => one.Id, StringComparer.Ordinal).Select(one => one.Id).ToList();
                if (isDescending)
                {
                    expected.Reverse();
                }

                return read.Select(one => one.Id).SequenceEqual(expected)
                    && notes.FailedPieces.All(failed => tries[failed.Piece] == maxRetries + 1)
                    && notes.IsComplete == (notes.FailedPieces.Count == 0);
            },
            iter: 300);
}
