using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Reconciliation.Comparing;

/// <summary>The difference of one figure in one cell.</summary>
/// <param name="Aggregates">The figure from the aggregates; null if they do not have it.</param>
/// <param name="Conversations">The figure counted from conversations; null if they do not contain it.</param>
/// <param name="EventDifference">
/// How many more events of the metric the aggregates have than the conversations; null if the aggregates do not contain this number.
/// </param>
internal readonly record struct FigureDifference(FigureStatistic Statistic, double? Aggregates, long? Conversations, long? EventDifference)
{
    /// <summary>By how much the aggregates exceed the conversations.</summary>
    public double Value => (Aggregates ?? 0) - (Conversations ?? 0);

    /// <summary>True if the conversations have less.</summary>
    public bool ConversationsLack => Value > 0;

    /// <summary>
    /// True if the side that has less also has fewer events of the metric, so that whole events are missing, or if the numbers of events are unknown. If the
    /// numbers are equal, the values of the events differ, and missing conversations do not explain that.
    /// </summary>
    public bool IsFromMissingEvents => EventDifference is not { } missing || Math.Sign(missing) == Math.Sign(Value);

    /// <summary>True if the conversations lack at most this many events.</summary>
    public bool LacksAtMost(long events) => Statistic == FigureStatistic.Count ? Value <= events : EventDifference is null || EventDifference <= events;
}

/// <summary>
/// Why a figure differs between aggregates and conversations. A cause is given only if it explains which side has less and by how much. The causes are
/// tried in the order of <see cref="All"/>, from the narrowest to the broadest, and the first that fits is given.
/// </summary>
/// <param name="Name">The name in responses.</param>
/// <param name="Description">What it means.</param>
/// <param name="Explains">Whether it explains a difference.</param>
internal sealed record DifferenceCause(string Name, string Description, Func<FigureDifference, CellEvidence, bool> Explains)
{
    public static readonly DifferenceCause NotInDetails = new(
        "not-in-details", "Conversations do not contain the figure, because Genesys computes it for aggregates only. It is not compared.",
        (difference, _) => difference.Statistic == FigureStatistic.Computed);

    public static readonly DifferenceCause NotInAggregates = new(
        "not-in-aggregates", "The aggregates do not have the figure: Genesys rejects the metric, does not report it for these callbacks, or sent an invalid statistic.",
        (difference, _) => difference.Aggregates is null);

    public static readonly DifferenceCause OpenConversations = new(
        "open-conversations", "Conversations of the cell are still open, so events may be missing from them. Not given if these conversations are too few or too short to explain the difference.",
        (difference, evidence) => difference.ConversationsLack && difference.IsFromMissingEvents && evidence.OpenSessions > 0
            && difference.LacksAtMost(evidence.OpenSessions)
            && difference.Statistic switch
            {
                FigureStatistic.Sum => difference.Value <= evidence.OpenMs,
                FigureStatistic.Max => difference.Aggregates <= evidence.LongestOpenMs,
                _ => true,
            });

    public static readonly DifferenceCause BeforeLookback = new(
        "before-lookback", "The synchronous query does not find conversations that began before the lookback. Given only if the cell has conversations that began more than half of the lookback before the interval, and no more events are missing than the number of these conversations.",
        (difference, evidence) => difference.ConversationsLack && difference.IsFromMissingEvents && evidence.IsLimitedByLookback && evidence.OldConversations > 0
            && difference.LacksAtMost(evidence.OldConversations));

    public static readonly DifferenceCause Incomplete = new(
        "incomplete", "The side that has less is incomplete: fewer conversations were read than Genesys counts, or invalid data was dropped. Not given if more events are missing than this explains.",
        (difference, evidence) => difference.IsFromMissingEvents
            && (difference.ConversationsLack ? evidence.MaxUnreadEvents > 0 && difference.LacksAtMost(evidence.MaxUnreadEvents) : evidence.AreAggregatesIncomplete));

    public static readonly DifferenceCause AfterBulkData = new(
        "after-bulk-data", "The cell ends after the time up to which Genesys' bulk data is complete, and the conversations have less.",
        (difference, evidence) => difference.ConversationsLack && difference.IsFromMissingEvents && evidence.IsAfterBulkData);

    public static readonly DifferenceCause LateData = new(
        "late-data", "The side that has less was read before Genesys:SettleHours had passed since the end of the bucket: its figures can still change.",
        (difference, evidence) => difference.ConversationsLack ? evidence.ConversationsMayBeBehind : evidence.AggregatesMayBeBehind);

    public static readonly DifferenceCause Unknown = new("unknown", "No known cause explains the difference.", (_, _) => true);

    /// <summary>In the order in which they are tried.</summary>
    public static ImmutableArray<DifferenceCause> All { get; } = [NotInDetails, NotInAggregates, OpenConversations, BeforeLookback, Incomplete, AfterBulkData, LateData, Unknown];

    /// <summary>The cause of a difference; null if there is none.</summary>
    public static DifferenceCause? Of(FigureDifference difference, CellEvidence evidence)
    {
        var isComparable = difference is { Statistic: not FigureStatistic.Computed, Aggregates: not null };

        // If the aggregates do not have the figure, as with the answers of some callbacks, conversations without an event agree with them.
        var isAbsent = difference is { Statistic: not FigureStatistic.Computed, Aggregates: null, Conversations: null or 0, EventDifference: null or 0 };
        return isAbsent || (isComparable && difference.Value == 0) ? null : All.First(cause => cause.Explains(difference, evidence));
    }
}
