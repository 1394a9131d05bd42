using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Reconciliation.Comparing;

/// <summary>The figures of one cell according to the aggregates.</summary>
/// <param name="Figures">The figures, in the order of <see cref="ComparedFigure.All"/>.</param>
/// <param name="Events">For each figure, the number of events of its metric; null if the aggregates do not contain this number.</param>
internal sealed record AggregatesCell(ImmutableArray<double?> Figures, ImmutableArray<long?> Events)
{
    /// <summary>False if an invalid statistic was omitted from the cell.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>A cell for which the aggregates have no record, because nothing happened in it.</summary>
    public static AggregatesCell Empty { get; } = new(
        [.. ComparedFigure.All.Select(figure => figure.Statistic is FigureStatistic.Count or FigureStatistic.Sum ? 0 : (double?)null)],
        [.. ComparedFigure.All.Select(figure => figure.Statistic == FigureStatistic.Computed ? (long?)null : 0)]);
}

/// <summary>One figure of a cell, from the aggregates and from the conversations.</summary>
/// <param name="Cause">The cause of the difference; null if there is none.</param>
internal sealed record ComparedValue(ComparedFigure Figure, FigureDifference Difference, DifferenceCause? Cause)
{
    /// <summary>True if the aggregates have the figure and conversations can contain it.</summary>
    public bool IsComparable => Cause != DifferenceCause.NotInDetails && Cause != DifferenceCause.NotInAggregates && Difference.Aggregates is not null;
}

/// <summary>The compared figures of a cell.</summary>
internal sealed record CellComparison(CellKey Key, ImmutableArray<ComparedValue> Values)
{
    /// <summary>The number of conversations with an event in the cell.</summary>
    public int Conversations { get; init; }

    public Agreement Agreement { get; } = AgreementOf(Values);

    /// <param name="conversations">The events of the conversations in the cell; null if no conversation has one.</param>
    public static CellComparison Of(CellKey key, AggregatesCell aggregates, TalliedCell? conversations, CellEvidence evidence)
    {
        var completeEvidence = evidence with { AreAggregatesIncomplete = !aggregates.IsComplete, OldConversations = conversations?.OldConversations ?? 0 };
        return new(key, [.. ComparedFigure.All.Select((figure, index) => Compare(figure, aggregates.Figures[index], aggregates.Events[index], conversations, completeEvidence))])
        {
            Conversations = conversations?.Conversations ?? 0,
        };
    }

    private static ComparedValue Compare(ComparedFigure figure, double? aggregates, long? events, TalliedCell? conversations, CellEvidence evidence)
    {
        var tally = figure.DetailsMetric is { } metric && conversations is not null ? conversations[metric] : default;
        long? counted = figure.Statistic switch
        {
            FigureStatistic.Count => tally.Count,
            FigureStatistic.Sum => tally.Sum,
            FigureStatistic.Max => tally.Max,
            _ => null,
        };

        // Without events, a maximum is null. If only one side has events, the maximum of the other side is compared as 0.
        var hasOnlyConversations = figure.Statistic == FigureStatistic.Max && aggregates is null && events == 0 && counted is not null;
        var difference = new FigureDifference(figure.Statistic, hasOnlyConversations ? 0 : aggregates, counted, events - tally.Count);
        return new(figure, difference, DifferenceCause.Of(difference, evidence));
    }

    private static Agreement AgreementOf(ImmutableArray<ComparedValue> values) =>
        values.Any(value => value.Cause == DifferenceCause.Unknown) ? Agreement.Unexplained
        : values.Any(value => value.Cause is { } cause && cause != DifferenceCause.NotInDetails) ? Agreement.Explained
        : Agreement.Equal;
}
