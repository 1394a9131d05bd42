using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>What a row is about; null for what it is merged over.</summary>
internal readonly record struct RowGroup(string? QueueId, string? MediaType, string? DivisionId);

internal readonly record struct FoldedRow(RowGroup Group, int Bucket);

/// <summary>The rows of an answer, not in order yet, with their additive parts in columns.</summary>
/// <param name="Columns">By metric; a metric that nothing posted has no column.</param>
/// <param name="QueueIds">The queues that have a row, merged or not.</param>
/// <param name="Posting">Which groups post answers and abandons, and what those were offered.</param>
internal sealed record FoldedRows(
    RowGrid Rows,
    IReadOnlyDictionary<string, StatColumns> Columns,
    IReadOnlySet<string> QueueIds,
    Posting Posting)
{
    /// <summary>What was left out of the rows, and of whom.</summary>
    public IReadOnlyList<LeftOut> Odd { get; init; } = [];
}

/// <summary>A statistic that cannot be right and is in no figure.</summary>
/// <param name="Group">As fine as it is known: a sum that grew beyond all numbers is of merged rows.</param>
internal readonly record struct LeftOut(RowGroup Group, string Metric, Statistic Statistic, string Value);

/// <summary>What it means for the rows of an answer that customer-first callbacks post no answers and no abandons.</summary>
internal sealed class Posting(RowGrid rows)
{
    /// <summary>By group: some part of it posts, so that its figures are numbers, 0 included.</summary>
    public bool[] Posts { get; } = new bool[rows.Groups.Count];

    /// <summary>By row: what the parts that post were offered, the denominator of answerRate and abandonRate alike.</summary>
    public long[] Offered { get; } = new long[rows.Count];

    /// <summary>What was offered to parts that do not post, in rows that these rates are given for.</summary>
    public long LeftOut { get; set; }
}
