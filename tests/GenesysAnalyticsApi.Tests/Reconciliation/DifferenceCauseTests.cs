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
    public void A_figure_that_one_side_does_not_have_gets_that_as_its_cause()
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
    public void Late_data_is_the_cause_only_if_the_side_that_has_less_was_read_early()
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
        CauseOf(Count(4, 5), open).ShouldBe("unknown", "open conversations cannot add events");
        CauseOf(new(FigureStatistic.Sum, 19_000, 10_000, 2), open).ShouldBe("open-conversations");
        CauseOf(new(FigureStatistic.Sum, 19_001, 10_000, 2), open).ShouldBe("unknown", "they have not been open that long");
        CauseOf(new(FigureStatistic.Sum, 19_000, 10_000, 3), open).ShouldBe("unknown");
        CauseOf(new(FigureStatistic.Sum, 19_000, 10_000, 0), open).ShouldBe("unknown", "the events are equal in number, so their values differ");
        CauseOf(new(FigureStatistic.Max, 5_000, 100, 1), open).ShouldBe("open-conversations");
        CauseOf(new(FigureStatistic.Max, 5_001, 100, 1), open).ShouldBe("unknown");
    }

    [Fact]
    public void The_time_of_open_conversations_ends_with_the_cell_or_when_they_were_read()
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
    public void After_the_end_of_the_bulk_data_events_can_be_missing_but_not_extra()
    {
        var after = Settled with { IsAfterBulkData = true };

        CauseOf(Count(6, 4), after).ShouldBe("after-bulk-data");
        CauseOf(Count(4, 6), after).ShouldBe("unknown");
        CauseOf(new(FigureStatistic.Sum, 600, 400, 0), after).ShouldBe("unknown");
    }

    [Fact]
    public void An_incomplete_side_is_the_cause_only_if_it_has_less()
    {
        CauseOf(Count(6, 4), Settled with { MaxUnreadEvents = 2 }).ShouldBe("incomplete");
        CauseOf(Count(4, 6), Settled with { MaxUnreadEvents = 2 }).ShouldBe("unknown");
        CauseOf(Count(4, 6), Settled with { AreAggregatesIncomplete = true }).ShouldBe("incomplete");
        CauseOf(Count(6, 4), Settled with { AreAggregatesIncomplete = true }).ShouldBe("unknown");
    }

    [Fact]
    public void Incomplete_conversations_explain_no_more_missing_events_than_were_not_read()
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
    public void The_cause_that_explains_least_is_tried_first()
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

    /// <summary>What can only make one side smaller never explains why that side is larger.</summary>
    [Fact]
    public void No_cause_explains_the_wrong_direction() => Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20], Gen.Bool, Gen.Int[0, 5], Gen.Int[0, 5]).Sample((aggregates, conversations, isAfter, open, old) =>
    {
        var incompleteConversations = Settled with
        {
            MaxUnreadEvents = 20,
            IsAfterBulkData = isAfter,
            IsLimitedByLookback = true,
            OldConversations = old,
            OpenSessions = open,
            OpenMs = 3_600_000,
            ConversationsReadAt = At(0),
        };
        var incompleteAggregates = Settled with { AreAggregatesIncomplete = true, AggregatesReadAt = At(0) };
        var difference = Count(aggregates, conversations);
        var missing = aggregates - conversations;

        CauseOf(difference, incompleteConversations).ShouldBe(missing switch { 0 => null, < 0 => "unknown", _ when missing <= open => "open-conversations", _ when missing <= old => "before-lookback", _ => "incomplete" });
        CauseOf(difference, incompleteAggregates).ShouldBe(missing switch { 0 => null, < 0 => "incomplete", _ => "unknown" });
    });

    private static FigureDifference Count(long aggregates, long conversations) => new(FigureStatistic.Count, aggregates, conversations, aggregates - conversations);

    private static string? CauseOf(FigureDifference difference, CellEvidence evidence) => DifferenceCause.Of(difference, evidence)?.Name;
}
