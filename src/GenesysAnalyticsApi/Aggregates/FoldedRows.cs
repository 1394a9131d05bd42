using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>What a row is about; null for what it is merged over.</summary>
internal readonly record struct RowGroup(string? QueueId, string? MediaType, string? DivisionId);

internal readonly record struct FoldedRow(RowGroup Group, int Bucket);

/// <summary>The rows of an answer, not in order yet, with their additive parts in columns.</summary>
/// <param name="Columns">By metric; a metric that nothing posted has no column.</param>
/// <param name="QueueIds">The queues that have a row, merged or not.</param>
/// <param name="Postings">What callbacks do not post, and how that bears on each row.</param>
internal sealed record FoldedRows(
    RowGrid Rows,
    IReadOnlyDictionary<string, StatColumns> Columns,
    IReadOnlySet<string> QueueIds,
    IReadOnlyDictionary<string, Posting> Postings)
{
    /// <summary>What was left out of the rows, and of whom.</summary>
    public IReadOnlyList<LeftOut> Odd { get; init; } = [];
}

/// <summary>A statistic that cannot be right and is in no figure.</summary>
/// <param name="Group">As fine as it is known: a sum that grew beyond all numbers is of merged rows.</param>
internal readonly record struct LeftOut(RowGroup Group, string Metric, Statistic Statistic, string Value);

/// <summary>
/// Genesys posts no tAnswered, tAbandon and tShortAbandon for callbacks. For one of these metrics: which rows have a part that
/// posts it, and how much was offered to those parts alone.
/// </summary>
internal sealed class Posting(int rows)
{
    /// <summary>Some part of the row posts the metric: its figure is a number, 0 included.</summary>
    public bool[] IsPosted { get; } = new bool[rows];

    /// <summary>What the parts that post the metric were offered: the denominator of rates made of it.</summary>
    public long[] Offered { get; } = new long[rows];

    /// <summary>A part that was offered something does not post the metric.</summary>
    public bool[] LeavesOut { get; } = new bool[rows];
}
