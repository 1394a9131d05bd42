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
        From = At(0),
        To = At(3600),
        Settle = Settle,
        AggregatesReadAt = At(3600) + Settle,
        ConversationsReadAt = At(3600) + Settle,
    };

    [Fact]
    public void Equal_figures_have_no_cause()
    {
        CauseOf(Count(5, 5), Settled with { AreConversationsIncomplete = true }).ShouldBeNull();
        CauseOf(new(FigureStatistic.Sum, 700, 700, 0), Settled).ShouldBeNull();
        CauseOf(new(FigureStatistic.Max, null, null, 0), Settled).ShouldBeNull();
    }

    [Fact]
    public void Figures_that_one_side_does_not_have()
    {
        CauseOf(new(FigureStatistic.Computed, 0.8, null, null), Settled).ShouldBe("not-in-details");
        CauseOf(new(FigureStatistic.Computed, null, null, null), Settled).ShouldBe("not-in-details");
        CauseOf(new(FigureStatistic.Count, null, 4, null), Settled).ShouldBe("not-in-aggregates");
        CauseOf(new(FigureStatistic.Count, null, 0, null), Settled).ShouldBeNull("callbacks that post no answers have none");
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
        var open = Settled with { OpenSessions = 2, OpenTime = Duration.FromMilliseconds(9_000), LongestOpenTime = Duration.FromMilliseconds(5_000) };

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
    public void An_open_session_counts_in_the_cells_that_it_was_in()
    {
        OpenSession[] sessions = [new(At(-60), At(-60), null), new(At(0), At(100), At(200)), new(At(-100), At(-100), At(-1)), new(At(3600), At(3600), null)];

        var evidence = Settled.With(sessions);

        (evidence.OpenSessions, evidence.OpenTime, evidence.LongestOpenTime).ShouldBe((2, Duration.FromSeconds(3660 + 3600), Duration.FromSeconds(3660)));
        (Settled with { ConversationsReadAt = At(40) }).With(sessions).OpenTime.ShouldBe(Duration.FromSeconds(100 + 40));
    }

    [Fact]
    public void The_lookback_explains_no_more_missing_conversations_than_there_are_old_ones()
    {
        var limited = Settled with { IsLimitedByLookback = true, OldConversations = 2 };

        CauseOf(Count(6, 4), limited).ShouldBe("interval-edge");
        CauseOf(Count(7, 4), limited).ShouldBe("unknown");
        CauseOf(Count(6, 4), limited with { OldConversations = 0 }).ShouldBe("unknown");
        CauseOf(Count(6, 4), limited with { IsLimitedByLookback = false }).ShouldBe("unknown");
        CauseOf(Count(4, 6), limited).ShouldBe("unknown");
        CauseOf(new(FigureStatistic.Sum, 1_000_000_000, 1, 2), limited).ShouldBe("interval-edge");
        CauseOf(new(FigureStatistic.Sum, 1_000_000_000, 1, 3), limited).ShouldBe("unknown");
    }

    [Fact]
    public void The_provisional_part_can_lack_events_and_has_no_extra_ones()
    {
        var provisional = Settled with { IsProvisional = true };

        CauseOf(Count(6, 4), provisional).ShouldBe("provisional");
        CauseOf(Count(4, 6), provisional).ShouldBe("unknown");
        CauseOf(new(FigureStatistic.Sum, 600, 400, 0), provisional).ShouldBe("unknown");
    }

    [Fact]
    public void An_incomplete_side_has_less()
    {
        CauseOf(Count(6, 4), Settled with { AreConversationsIncomplete = true }).ShouldBe("incomplete");
        CauseOf(Count(4, 6), Settled with { AreConversationsIncomplete = true }).ShouldBe("unknown");
        CauseOf(Count(4, 6), Settled with { AreAggregatesIncomplete = true }).ShouldBe("incomplete");
        CauseOf(Count(6, 4), Settled with { AreAggregatesIncomplete = true }).ShouldBe("unknown");
    }

    [Fact]
    public void The_cause_that_explains_least_comes_first()
    {
        var all = Settled with
        {
            AreConversationsIncomplete = true,
            OpenSessions = 1,
            OpenTime = Duration.FromHours(1),
            IsLimitedByLookback = true,
            OldConversations = 2,
            IsProvisional = true,
            ConversationsReadAt = At(0),
        };

        CauseOf(Count(5, 4), all).ShouldBe("incomplete");
        CauseOf(Count(5, 4), all with { AreConversationsIncomplete = false }).ShouldBe("open-conversations");
        CauseOf(Count(6, 4), all with { AreConversationsIncomplete = false }).ShouldBe("interval-edge");
        CauseOf(Count(7, 4), all with { AreConversationsIncomplete = false }).ShouldBe("provisional");
        CauseOf(Count(7, 4), all with { AreConversationsIncomplete = false, IsProvisional = false }).ShouldBe("late-data");
    }

    /// <summary>Without anything that makes the conversations lack events, no cause says that they do; and the same for the aggregates.</summary>
    [Fact]
    public void No_cause_explains_the_wrong_direction() => Gen.Select(Gen.Int[0, 20], Gen.Int[0, 20], Gen.Bool, Gen.Int[0, 5], Gen.Int[0, 5]).Sample((aggregates, conversations, isProvisional, open, old) =>
    {
        var conversationsAreWeak = Settled with
        {
            AreConversationsIncomplete = true,
            IsProvisional = isProvisional,
            IsLimitedByLookback = true,
            OldConversations = old,
            OpenSessions = open,
            OpenTime = Duration.FromHours(1),
            ConversationsReadAt = At(0),
        };
        var aggregatesAreWeak = Settled with { AreAggregatesIncomplete = true, AggregatesReadAt = At(0) };
        var difference = Count(aggregates, conversations);

        CauseOf(difference, conversationsAreWeak).ShouldBe(aggregates == conversations ? null : aggregates > conversations ? "incomplete" : "unknown");
        CauseOf(difference, aggregatesAreWeak).ShouldBe(aggregates == conversations ? null : aggregates < conversations ? "incomplete" : "unknown");
    });

    private static FigureDifference Count(long aggregates, long conversations) => new(FigureStatistic.Count, aggregates, conversations, aggregates - conversations);

    private static string? CauseOf(FigureDifference difference, CellEvidence evidence) => DifferenceCause.Of(difference, evidence)?.Name;
}
