using CsCheck;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Reconciliation.Comparing;
using NodaTime;
using static GenesysAnalyticsApi.Tests.Reconciliation.SampleConversations;

namespace GenesysAnalyticsApi.Tests.Reconciliation;

/// <summary>Compares generated cells whose two sides have planted differences.</summary>
public sealed class CellComparisonTests
{
    private static readonly CellKey Cell = new(Queue, Voice, 0);
    private static readonly Duration Settle = Duration.FromHours(72);

    private static readonly CellEvidence Settled = new()
    {
        To = At(3600),
        Settle = Settle,
        AggregatesReadAt = At(3600) + Settle,
        ConversationsReadAt = At(3600) + Settle,
    };

    private static readonly Gen<ConversationDetail> Conversation = Gen.Select(Gen.Int[0, 3_000_000], Gen.Int[0, 100_000], Gen.Int[1, 200_000], Gen.Bool)
        .Select((start, wait, talk, isAnswered) => isAnswered
            ? Answered(Start + Duration.FromMilliseconds(start), wait, talk, heldMs: talk / 3, acwMs: talk / 2)
            : Abandoned(Start + Duration.FromMilliseconds(start), wait));

    [Fact]
    public void Each_compared_figure_is_one_statistic_of_one_metric_with_the_field_name_of_the_aggregates()
    {
        ComparedFigure.All.Select(figure => $"{figure.Name}={figure.Metric}.{figure.StatisticName}").ShouldBe(
        [
            "offered=nOffered.count", "answered=tAnswered.count", "abandoned=tAbandon.count", "shortAbandoned=tShortAbandon.count", "flowOut=tFlowOut.count", "outbound=nOutbound.count",
            "connected=nConnected.count", "handled=tHandle.count", "overServiceLevel=nOverSla.count", "transferred=nTransferred.count", "blindTransferred=nBlindTransferred.count",
            "consultTransferred=nConsultTransferred.count", "errors=nError.count", "totalHandleTimeMs=tHandle.sum", "talkTimeMs=tTalkComplete.sum", "holdTimeMs=tHeldComplete.sum",
            "wrapTimeMs=tAcw.sum", "dialingTimeMs=tDialing.sum", "contactingTimeMs=tContacting.sum", "alertTimeMs=tAlert.sum", "waitTimeMs=tWait.sum", "answerTimeMs=tAnswered.sum",
            "abandonTimeMs=tAbandon.sum", "flowOutTimeMs=tFlowOut.sum", "longestWaitMs=tWait.max", "longestHandleTimeMs=tHandle.max", "serviceLevelNumerator=oServiceLevel.numerator",
            "serviceLevelDenominator=oServiceLevel.denominator", "serviceLevelTarget=oServiceLevel.target",
        ]);
        ComparedFigure.All.ShouldAllBe(figure => RecordFieldDefinitions.Figures.Any(field => field.Name == figure.Name));
        ComparedFigure.All.Where(figure => figure.DetailsMetric != figure.Metric).Select(figure => (figure.Metric, figure.DetailsMetric)).Distinct()
            .ShouldBe([("tWait", "tAcd"), ("oServiceLevel", null)]);
    }

    [Fact]
    public void The_same_events_on_both_sides_are_equal() => Conversation.Array[0, 20].Sample(conversations =>
    {
        var tally = TallyOf(conversations);
        var compared = Compare(AggregatesOf(tally), tally, Settled);

        compared.Agreement.ShouldBe(Agreement.Equal);
        compared.Values.Where(value => value.Cause is not null).ShouldAllBe(value => value.Cause == DifferenceCause.NotInDetails && value.Figure.Metric == "oServiceLevel");
    });

    /// <summary>Some conversations are read on one side only. The cause depends on which side lacks them, and on what is known about that side.</summary>
    [Fact]
    public void A_conversation_that_one_side_lacks_gets_the_planted_cause() =>
        Gen.Select(Conversation.Array[0, 10], Conversation.Array[1, 3], Gen.Bool, Gen.Int[0, 5]).Sample((both, some, conversationsLack, plant) =>
        {
            var (full, less) = (TallyOf([.. both, .. some]), TallyOf(both));
            var (aggregates, conversations) = conversationsLack ? (full, less) : (less, full);
            var (evidence, expected) = Planted(plant, conversationsLack, sessions: some.Length * 2);

            var compared = Compare(AggregatesOf(aggregates), conversations, evidence, old: some.Length * 2);

            var causes = compared.Values.Where(value => value.Cause is not null && value.Cause != DifferenceCause.NotInDetails).Select(value => value.Cause!.Name).Distinct();
            causes.ShouldBe([expected]);
            compared.Agreement.ShouldBe(expected == "unknown" ? Agreement.Unexplained : Agreement.Explained);
            compared.Values.Single(value => value.Figure.Name == "offered").Difference.Value.ShouldBe(conversationsLack ? some.Length : -some.Length);
        });

    /// <summary>An event with another value is not a missing conversation, so only late data explains it.</summary>
    [Fact]
    public void Another_value_of_an_event_is_explained_only_by_late_data() =>
        Gen.Select(Conversation.Array[1, 10], Gen.Int[1, 1_000], Gen.Int[0, 5]).Sample((conversations, more, plant) =>
        {
            var tally = TallyOf(conversations);
            var own = AggregatesOf(tally);
            var wait = ComparedFigure.All.Select(figure => figure.Name).ToList().IndexOf("waitTimeMs");
            var changed = own with { Figures = own.Figures.SetItem(wait, own.Figures[wait] + more) };
            var (evidence, expected) = Planted(plant, conversationsLack: true, sessions: 100);

            var value = Compare(changed, tally, evidence, old: 100).Values[wait];

            (value.Difference.Value, value.Cause!.Name).ShouldBe((more, expected == "late-data" ? "late-data" : "unknown"));
        });

    [Fact]
    public void A_cell_without_a_record_has_zeros()
    {
        var compared = Compare(AggregatesCell.Empty, TallyOf(Abandoned(At(5), 100)), Settled);

        compared.Agreement.ShouldBe(Agreement.Unexplained);
        compared.Values.Where(value => value.Cause == DifferenceCause.Unknown).Select(value => (value.Figure.Name, value.Difference.Value)).ShouldBe(
            [("offered", -1), ("abandoned", -1), ("waitTimeMs", -100), ("abandonTimeMs", -100), ("longestWaitMs", -100)]);
        CellComparison.Of(Cell, AggregatesCell.Empty, null, Settled).Agreement.ShouldBe(Agreement.Equal);
    }

    private static (CellEvidence Evidence, string Expected) Planted(int plant, bool conversationsLack, int sessions) => (plant, conversationsLack) switch
    {
        (0, true) => (Settled with { MaxUnreadEvents = sessions }, "incomplete"),
        (1, true) => (Settled with { OpenSessions = sessions, OpenMs = 86_400_000, LongestOpenMs = 86_400_000 }, "open-conversations"),
        (2, true) => (Settled with { IsLimitedByLookback = true }, "before-lookback"),
        (3, true) => (Settled with { IsAfterBulkData = true }, "after-bulk-data"),
        (4, true) => (Settled with { ConversationsReadAt = At(3600) }, "late-data"),
        (4, false) => (Settled with { AggregatesReadAt = At(3600) }, "late-data"),
        (0, false) => (Settled with { MaxUnreadEvents = 100, IsAfterBulkData = true, ConversationsReadAt = At(0) }, "unknown"),
        _ => (Settled, "unknown"),
    };

    private static ConversationTally TallyOf(params ConversationDetail[] conversations)
    {
        var tally = new ConversationTally(new(Hours(1), (_, _) => true, Start));
        foreach (var conversation in conversations)
        {
            tally.Add(conversation);
        }

        return tally;
    }

    /// <summary>The aggregates that Genesys computes from the same events.</summary>
    private static AggregatesCell AggregatesOf(ConversationTally tally)
    {
        var cell = tally.Cells.GetValueOrDefault(Cell);
        return cell is null ? AggregatesCell.Empty : new(
            [.. ComparedFigure.All.Select(figure => figure.DetailsMetric is not { } metric ? null : figure.Statistic switch
            {
                FigureStatistic.Count => cell[metric].Count,
                FigureStatistic.Sum => cell[metric].Sum,
                _ => (double?)cell[metric].Max,
            })],
            [.. ComparedFigure.All.Select(figure => figure.DetailsMetric is { } metric ? (long?)cell[metric].Count : null)]);
    }

    private static CellComparison Compare(AggregatesCell aggregates, ConversationTally conversations, CellEvidence evidence, int old = 0)
    {
        var cell = conversations.Cells.GetValueOrDefault(Cell) ?? new TalliedCell();
        cell.OldConversations = old;
        return CellComparison.Of(Cell, aggregates, cell, evidence);
    }
}
