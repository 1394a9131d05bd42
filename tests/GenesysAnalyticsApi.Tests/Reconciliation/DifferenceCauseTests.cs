using CsCheck;
using GenesysAnalyticsApi.Reconciliation.Comparing;
using NodaTime;
using static GenesysAnalyticsApi.Tests.Reconciliation.SampleConversations;

namespace GenesysAnalyticsApi.Tests.Reconciliation;

/// <summary>Each cause is given where it explains a difference, and only there.</summary>
public sealed class DifferenceCauseTests
{
    private static readonly Duration Settle = Duration.FromHours(72);

    /// <summary>Both sides were read after the cell had settled, and nothing is open.</summary>
    private static readonly CellEvidence Settled = new()
    {
        To = At(3600),
        Settle = Settle,
        AggregatesReadAt = At(3600) + Settle,
        ConversationsReadAt = At(3600) + Settle,
    };

    [Fact]
    public void Equal_figures_have_no_cause()
    {
        CauseOf(Count(5, 5), Settled with { MaxUnreadEvents = 1 }).ShouldBeNull();
        CauseOf(new(FigureStatistic.Sum, 700, 700, 0), Settled).ShouldBeNull();
        CauseOf(new(FigureStatistic.Max, null, null, 0), Settled).ShouldBeNull();
    }

    [Fact]
    public void Figures_that_one_side_does_not_have()
    {
        CauseOf(new(FigureStatistic.Computed, 0.8, null, null), Settled).ShouldBe("not-in-details");
        CauseOf(new(FigureStatistic.Computed, null, null, null), Settled).ShouldBe("not-in-details");
        CauseOf(new(FigureStatistic.Count, null, 4, null), Settled).ShouldBe("not-in-aggregates");
        CauseOf(new(FigureStatistic.Count, null, 0, null), Settled).ShouldBeNull("callbacks without reported answers have none");
        CauseOf(new(FigureStatistic.Max, null, null, 3), Settled).ShouldBe("not-in-aggregates");
    }

    [Theory]
    [InlineData(5, 4)]
    [InlineData(4, 5)]
    public void Nothing_explains_a_difference_of_settled_and_complete_figures(int aggregates, int conversations) =>
        CauseOf(Count(aggregates, conversations), Settled).ShouldBe("unknown");

    [Fact]
    public void The_side_that_has_less_must_have_been_read_early()
    {
        var early = At(3600) + Settle - Duration.Epsilon;
        CauseOf(Count(5, 4), Settled with { ConversationsReadAt = early }).ShouldBe("late-data");
        CauseOf(Count(5, 4), Settled with { AggregatesReadAt = early }).ShouldBe("unknown");
        CauseOf(Count(4, 5), Settled with { AggregatesReadAt = early }).ShouldBe("late-data");
        CauseOf(Count(4, 5), Settled with { ConversationsReadAt = early }).ShouldBe("unknown");
    }

    [Fact]
    public void Open_conversations_explain_as_many_missing_events_as_they_have_sessions()
    {
        var open = Settled with { OpenSessions = 2, OpenMs = 9_000, LongestOpenMs = 5_000 };

        CauseOf(Count(6, 4), open).ShouldBe("open-conversations");
        CauseOf(Count(7, 4), open).ShouldBe("unknown", "two sessions do not lack three events");
        CauseOf(Count(4, 5), open).ShouldBe("unknown", "they cannot make the conversations have more");
        CauseOf(new(FigureStatistic.Sum, 19_000, 10_000, 2), open).ShouldBe("open-conversations");
        CauseOf(new(FigureStatistic.Sum, 19_001, 10_000, 2), open).ShouldBe("unknown", "they have not taken so long");
        CauseOf(new(FigureStatistic.Sum, 19_000, 10_000, 3), open).ShouldBe("unknown");
        CauseOf(new(FigureStatistic.Sum, 19_000, 10_000, 0), open).ShouldBe("unknown", "the events are equal in number, so their values differ");
        CauseOf(new(FigureStatistic.Max, 5_000, 100, 1), open).ShouldBe("open-conversations");
        CauseOf(new(FigureStatistic.Max, 5_001, 100, 1), open).ShouldBe("unknown");
    }

    [Fact]
    public void Open_conversations_take_time_until_the_cell_ends_or_until_they_were_read()
    {
        var sessions = OpenSessions.None.With(new(1, At(-60).ToUnixTimeMilliseconds(), At(-60))).With(new(1, At(0).ToUnixTimeMilliseconds(), At(0)));

        var evidence = Settled.With(sessions);
        var early = (Settled with { ConversationsReadAt = At(40) }).With(sessions);

        (evidence.OpenSessions, evidence.OpenMs, evidence.LongestOpenMs).ShouldBe((2, 3_660_000 + 3_600_000, 3_660_000));
        (early.OpenSessions, early.OpenMs, early.LongestOpenMs).ShouldBe((2, 100_000 + 40_000, 100_000));
        Settled.With(OpenSessions.None).ShouldBe(Settled);
    }

    [Fact]
    public void The_lookback_explains_no_more_missing_conversations_than_there_are_old_ones()
    {
        var limited = Settled with { IsLimitedByLookback = true, OldConversations = 2 };

        CauseOf(Count(6, 4), limited).ShouldBe("before-lookback");
        CauseOf(Count(7, 4), limited).ShouldBe("unknown");
        CauseOf(Count(6, 4), limited with { OldConversations = 0 }).ShouldBe("unknown");
        CauseOf(Count(6, 4), limited with { IsLimitedByLookback = false }).ShouldBe("unknown");
        CauseOf(Count(4, 6), limited).ShouldBe("unknown");
        CauseOf(new(FigureStatistic.Sum, 1_000_000_000, 1, 2), limited).ShouldBe("before-lookback");
        CauseOf(new(FigureStatistic.Sum, 1_000_000_000, 1, 3), limited).ShouldBe("unknown");
    }

    [Fact]
    public void What_is_after_the_bulk_data_can_lack_events_and_has_no_extra_ones()
    {
        var after = Settled with { IsAfterBulkData = true };

        CauseOf(Count(6, 4), after).ShouldBe("after-bulk-data");
        CauseOf(Count(4, 6), after).ShouldBe("unknown");
        CauseOf(new(FigureStatistic.Sum, 600, 400, 0), after).ShouldBe("unknown");
    }

    [Fact]
    public void An_incomplete_side_has_less()
    {
        CauseOf(Count(6, 4), Settled with { MaxUnreadEvents = 2 }).ShouldBe("incomplete");
        CauseOf(Count(4, 6), Settled with { MaxUnreadEvents = 2 }).ShouldBe("unknown");
        CauseOf(Count(4, 6), Settled with { AreAggregatesIncomplete = true }).ShouldBe("incomplete");
        CauseOf(Count(6, 4), Settled with { AreAggregatesIncomplete = true }).ShouldBe("unknown");
    }

    [Fact]
    public void Incomplete_conversations_lack_no_more_events_than_are_missing()
    {
        var incomplete = Settled with { MaxUnreadEvents = 2 };

        CauseOf(Count(7, 4), incomplete).ShouldBe("unknown");
        CauseOf(new(FigureStatistic.Sum, 1_000_000_000, 1, 2), incomplete).ShouldBe("incomplete");
        CauseOf(new(FigureStatistic.Sum, 1_000_000_000, 1, 3), incomplete).ShouldBe("unknown");
        CauseOf(new(FigureStatistic.Max, 1_000, 1, null), Settled).ShouldBe("unknown");
    }

    [Fact]
    public void Missing_conversations_and_dropped_entries_add_up()
    {
        (new MissingEntries(3, 2).Events, new MissingEntries(3, 2).IsNone).ShouldBe((5, false));
        new MissingEntries(0, 0).IsNone.ShouldBeTrue();
        new MissingEntries(int.MaxValue, int.MaxValue).Events.ShouldBe(2L * int.MaxValue);
    }

    [Fact]
    public void The_cause_that_explains_least_comes_first()
    {
        var all = Settled with
        {
            OpenSessions = 1,
            OpenMs = 3_600_000,
            IsLimitedByLookback = true,
            OldConversations = 2,
            MaxUnreadEvents = 3,
            IsAfterBulkData = true,
            ConversationsReadAt = At(0),
        };

        CauseOf(Count(5, 4), all).ShouldBe("open-conversations");
        CauseOf(Count(6, 4), all).ShouldBe("before-lookback");
        CauseOf(Count(7, 4), all).ShouldBe("incomplete");
        CauseOf(Count(8, 4), all).ShouldBe("after-bulk-data");
        CauseOf(Count(8, 4), all with { IsAfterBulkData = false }).ShouldBe("late-data");
    }

    /// <summary>Without anything that makes the conversations lack events, no cause says that they do; and the same for the aggregates.</summary>
    [Fact]
    public void No_cause_explains_the_wrong_direction() => Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20], Gen.Bool, Gen.Int[0, 5], Gen.Int[0, 5]).Sample((aggregates, conversations, isAfter, open, old) =>
    {
        var conversationsAreWeak = Settled with
        {
            MaxUnreadEvents = 20,
            IsAfterBulkData = isAfter,
            IsLimitedByLookback = true,
            OldConversations = old,
            OpenSessions = open,
            OpenMs = 3_600_000,
            ConversationsReadAt = At(0),
        };
        var aggregatesAreWeak = Settled with { AreAggregatesIncomplete = true, AggregatesReadAt = At(0) };
        var difference = Count(aggregates, conversations);
        var missing = aggregates - conversations;

        CauseOf(difference, conversationsAreWeak).ShouldBe(missing switch { 0 => null, < 0 => "unknown", _ when missing <= open => "open-conversations", _ when missing <= old => "before-lookback", _ => "incomplete" });
        CauseOf(difference, aggregatesAreWeak).ShouldBe(missing switch { 0 => null, < 0 => "incomplete", _ => "unknown" });
    });

    private static FigureDifference Count(long aggregates, long conversations) => new(FigureStatistic.Count, aggregates, conversations, aggregates - conversations);

    private static string? CauseOf(FigureDifference difference, CellEvidence evidence) => DifferenceCause.Of(difference, evidence)?.Name;
}
