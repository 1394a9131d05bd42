using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>
/// Rows by number, in the order in which they were met. Rows are many and groups few: a group's texts are looked at once, and a
/// row is found by two numbers.
/// </summary>
internal sealed class RowIndex(int buckets)
{
    private readonly List<RowGroup> _groups = [];
    private readonly List<int[]> _rowsOf = [];
    private readonly List<(int Group, int Bucket)> _places = [];

    public RowIndex(int buckets, IEnumerable<RowGroup> groups)
        : this(buckets)
    {
        foreach (var group in groups)
        {
            AddGroup(group);
        }
    }

    /// <summary>How many rows.</summary>
    public int Count => _places.Count;

    public int Buckets => buckets;

    /// <summary>All different.</summary>
    public IReadOnlyList<RowGroup> Groups => _groups;

    public int GroupOf(int row) => _places[row].Group;

    public int BucketOf(int row) => _places[row].Bucket;

    public FoldedRow RowAt(int row) => new(_groups[_places[row].Group], _places[row].Bucket);

    public int AddGroup(RowGroup group)
    {
        _groups.Add(group);
        _rowsOf.Add(new int[buckets]);
        return _groups.Count - 1;
    }

    /// <summary>The row's number; -1 where there is none.</summary>
    public int Find(int group, int bucket) => _rowsOf[group][bucket] - 1;

    public int FindOrAdd(int group, int bucket)
    {
        // 0 is "none yet", so that a fresh array needs no filling.
        var rows = _rowsOf[group];
        if (rows[bucket] == 0)
        {
            _places.Add((group, bucket));
            rows[bucket] = _places.Count;
        }

        return rows[bucket] - 1;
    }
}

/// <summary>What a row is about; null for what it is merged over.</summary>
internal readonly record struct RowGroup(string? QueueId, string? MediaType, string? DivisionId);

internal readonly record struct FoldedRow(RowGroup Group, int Bucket);

/// <summary>The rows of an answer, not in order yet, with their additive parts in columns.</summary>
/// <param name="Columns">By metric; a metric that nothing posted has no column.</param>
/// <param name="QueueIds">The queues that have a row, merged or not.</param>
/// <param name="Posting">Which groups post answers and abandons, and what those were offered.</param>
internal sealed record FoldedRows(
    RowIndex Rows,
    IReadOnlyDictionary<string, StatisticAccumulator> Columns,
    IReadOnlySet<string> QueueIds,
    MetricCoverage Posting)
{
    /// <summary>What was left out of the rows, and of whom.</summary>
    public IReadOnlyList<OmittedStatistic> Odd { get; init; } = [];
}

/// <summary>A statistic that cannot be right and is in no figure.</summary>
/// <param name="Group">As fine as it is known: a sum that grew beyond all numbers is of merged rows.</param>
internal readonly record struct OmittedStatistic(RowGroup Group, string Metric, Statistic Statistic, string Value);

/// <summary>What it means for the rows of an answer that customer-first callbacks post no answers and no abandons.</summary>
internal sealed class MetricCoverage(RowIndex rows)
{
    /// <summary>By group: some part of it posts, so that its figures are numbers, 0 included.</summary>
    public bool[] Posts { get; } = new bool[rows.Groups.Count];

    /// <summary>By row: what the parts that post were offered, the denominator of answerRate and abandonRate alike.</summary>
    public long[] Offered { get; } = new long[rows.Count];

    /// <summary>What was offered to parts that do not post, in rows that these rates are given for.</summary>
    public long LeftOut { get; set; }
}
