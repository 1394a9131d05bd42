using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Reconciliation.Comparing;

/// <summary>The difference of one figure in one cell.</summary>
/// <param name="Aggregates">The figure from the aggregates; null if the aggregates do not have it.</param>
/// <param name="Conversations">The figure counted from conversations; null if conversations do not contain it, or for a maximum of no events.</param>
/// <param name="EventDifference">
/// How many more events of the metric the aggregates have than the conversations; null if the number of events is unknown.
/// </param>
internal readonly record struct FigureDifference(FigureStatistic Statistic, double? Aggregates, long? Conversations, long? EventDifference)
{
    /// <summary>By how much the figure from the aggregates exceeds the figure from the conversations.</summary>
    public double Value => (Aggregates ?? 0) - (Conversations ?? 0);

    /// <summary>True if the figure from the conversations is lower.</summary>
    public bool ConversationsLack => Value > 0;

    /// <summary>
    /// True if the side with the lower figure also has fewer events of the metric, so whole events are missing; also true if the numbers of events are unknown.
    /// If the numbers of events are equal, the values of the events differ, and missing conversations do not explain the difference.
    /// </summary>
    public bool IsFromMissingEvents => EventDifference is not { } missing || Math.Sign(missing) == Math.Sign(Value);

    /// <summary>True if the conversations lack at most this many events, or if the number of missing events is unknown.</summary>
    public bool LacksAtMost(long events) => Statistic == FigureStatistic.Count ? Value <= events : EventDifference is null || EventDifference <= events;
}

/// <summary>
/// Why a figure differs between aggregates and conversations. Causes are tried in the order of <see cref="All"/>, from the narrowest to the broadest. The first
/// cause that fits is reported. A cause fits only if it explains which side has the lower figure and, where the evidence allows, by how much.
/// </summary>
/// <param name="Name">The name of the cause in responses.</param>
/// <param name="Description">What the cause means.</param>
/// <param name="Explains">Whether the cause explains a difference.</param>
internal sealed record DifferenceCause(string Name, string Description, Func<FigureDifference, CellEvidence, bool> Explains)
{
    public static readonly DifferenceCause NotInDetails = new(
        "not-in-details", "Conversations do not contain the figure, because Genesys computes it for aggregates only. The figure is not compared.",
        (difference, _) => difference.Statistic == FigureStatistic.Computed);

    public static readonly DifferenceCause NotInAggregates = new(
        "not-in-aggregates", "The aggregates do not have the figure: Genesys rejects the metric, does not report it for these callbacks, or sent an invalid statistic.",
        (difference, _) => difference.Aggregates is null);

    public static readonly DifferenceCause OpenConversations = new(
        "open-conversations", "Conversations of the cell are still open, so events can be missing from them. This cause does not apply if these conversations are too few or too short to explain the difference.",
        (difference, evidence) => difference.ConversationsLack && difference.IsFromMissingEvents && evidence.OpenSessions > 0
            && difference.LacksAtMost(evidence.OpenSessions)
            && difference.Statistic switch
            {
                FigureStatistic.Sum => difference.Value <= evidence.OpenMs,
                FigureStatistic.Max => difference.Aggregates <= evidence.LongestOpenMs,
                _ => true,
            });

    public static readonly DifferenceCause BeforeLookback = new(
        "before-lookback", "The synchronous query does not find conversations that began before the lookback. This cause applies only if the cell contains conversations that began more than half of the lookback before the interval, and no more events are missing than there are such conversations.",
        (difference, evidence) => difference.ConversationsLack && difference.IsFromMissingEvents && evidence.IsLimitedByLookback && evidence.OldConversations > 0
            && difference.LacksAtMost(evidence.OldConversations));

    public static readonly DifferenceCause Incomplete = new(
        "incomplete", "The side with the lower figure is incomplete: fewer conversations were read than Genesys counts, or invalid data was dropped. This cause does not apply if more events are missing than these reasons explain.",
        (difference, evidence) => difference.IsFromMissingEvents
            && (difference.ConversationsLack ? evidence.MaxUnreadEvents > 0 && difference.LacksAtMost(evidence.MaxUnreadEvents) : evidence.AreAggregatesIncomplete));

    public static readonly DifferenceCause AfterBulkData = new(
        "after-bulk-data", "The cell ends after the time up to which Genesys' bulk data is complete, and the figure from the conversations is lower.",
        (difference, evidence) => difference.ConversationsLack && difference.IsFromMissingEvents && evidence.IsAfterBulkData);

    public static readonly DifferenceCause LateData = new(
        "late-data", "The side with the lower figure was read before Genesys:SettleHours had passed since the end of the bucket, so its figures can still change.",
        (difference, evidence) => difference.ConversationsLack ? evidence.ConversationsMayBeBehind : evidence.AggregatesMayBeBehind);

    public static readonly DifferenceCause Unknown = new("unknown", "No known cause explains the difference.", (_, _) => true);

    /// <summary>All causes, in the order in which they are tried.</summary>
    public static ImmutableArray<DifferenceCause> All { get; } = [NotInDetails, NotInAggregates, OpenConversations, BeforeLookback, Incomplete, AfterBulkData, LateData, Unknown];

    /// <summary>The cause of a difference; null if the figures do not differ.</summary>
    public static DifferenceCause? Of(FigureDifference difference, CellEvidence evidence)
    {
        var isComparable = difference is { Statistic: not FigureStatistic.Computed, Aggregates: not null };

        // If the aggregates do not have the figure, such as the answers of some callbacks, and the conversations have no event, the two sides agree.
        var isAbsent = difference is { Statistic: not FigureStatistic.Computed, Aggregates: null, Conversations: null or 0, EventDifference: null or 0 };
        return isAbsent || (isComparable && difference.Value == 0) ? null : All.First(cause => cause.Explains(difference, evidence));
    }
}
