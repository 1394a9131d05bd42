using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>Numbers rows in order of insertion. A row is found by its group and bucket index, so that group names are compared once per group, not per row.</summary>
internal sealed class RowIndex(int buckets)
{
    private readonly List<RowGroup> _groups = [];
    private readonly List<int[]> _rowsOf = [];
    private readonly List<(int Group, int Bucket)> _rows = [];

    public RowIndex(int buckets, IEnumerable<RowGroup> groups)
        : this(buckets)
    {
        foreach (var group in groups)
        {
            AddGroup(group);
        }
    }

    /// <summary>Number of rows.</summary>
    public int Count => _rows.Count;

    public int Buckets => buckets;

    /// <summary>Distinct groups.</summary>
    public IReadOnlyList<RowGroup> Groups => _groups;

    public int GroupOf(int row) => _rows[row].Group;

    public int BucketOf(int row) => _rows[row].Bucket;

    public FoldedRow RowAt(int row) => new(_groups[_rows[row].Group], _rows[row].Bucket);

    public int AddGroup(RowGroup group)
    {
        _groups.Add(group);
        _rowsOf.Add(new int[buckets]);
        return _groups.Count - 1;
    }

    /// <summary>Returns the index of the row, or -1.</summary>
    public int Find(int group, int bucket) => _rowsOf[group][bucket] - 1;

    public int FindOrAdd(int group, int bucket)
    {
        // Stores the index plus one, so that 0 means none and a new array needs no initialisation.
        var rows = _rowsOf[group];
        if (rows[bucket] == 0)
        {
            _rows.Add((group, bucket));
            rows[bucket] = _rows.Count;
        }

        return rows[bucket] - 1;
    }
}

/// <summary>The dimensions of a row; null for dimensions it is rolled up over.</summary>
/// <param name="Values">The values in the dimensions that Genesys splits on request.</param>
internal readonly record struct RowGroup(string? QueueId, string? MediaType, string? DivisionId, DimensionValues? Values = null);

internal readonly record struct FoldedRow(RowGroup Group, int Bucket);

/// <summary>The unsorted rows of a response with their additive columns.</summary>
/// <param name="Columns">By metric. Metrics that nothing posted have no column.</param>
/// <param name="QueueIds">All queues with a row, before the roll-up.</param>
/// <param name="Posting">Which groups post answers and abandons, and their offered counts.</param>
internal sealed record FoldedRows(
    RowIndex Rows,
    IReadOnlyDictionary<string, StatisticAccumulator> Columns,
    IReadOnlySet<string> QueueIds,
    MetricCoverage Posting)
{
    /// <summary>The values with rows in each dimension that the query filters by, in the order of the filters.</summary>
    public IReadOnlyList<IReadOnlySet<string>> Filtered { get; init; } = [];

    /// <summary>The statistics that were omitted from the rows.</summary>
    public IReadOnlyList<OmittedStatistic> Omitted { get; init; } = [];
}

/// <summary>An invalid statistic, which no figure includes.</summary>
/// <param name="Group">As fine as known: a sum that overflowed belongs to rolled-up rows.</param>
internal readonly record struct OmittedStatistic(RowGroup Group, string Metric, Statistic Statistic, string Value);

/// <summary>The effect on the rows of a response of customer-first callbacks, which post neither answers nor abandons.</summary>
internal sealed class MetricCoverage(RowIndex rows)
{
    /// <summary>By group: at least one part posts, so that figures are numbers, including 0.</summary>
    public bool[] Posts { get; } = new bool[rows.Groups.Count];

    /// <summary>By row: the offered count of the posting parts, which is the denominator of answerRate and abandonRate.</summary>
    public long[] Offered { get; } = new long[rows.Count];

    /// <summary>The offered count of parts that do not post, in rows that have these rates.</summary>
    public long Excluded { get; set; }
}

/// <summary>The finest rows of a response: one per queue × media type × dimensions of the slices × bucket that has data.</summary>
/// <param name="known">Groups that come first, with or without rows; null for none.</param>
internal sealed class CellRows(int buckets, FoldScope scope, IntervalGroups? known = null)
{
    private const int NotVisited = -2;
    private const int NotSelected = -1;

    private readonly Dictionary<FactSeries, int> _groupOfSeries =
        known?.Groups.Index().ToDictionary(group => new FactSeries(group.Item.QueueId!, group.Item.MediaType!, group.Item.Values), group => group.Index) ?? [];

    public RowIndex Rows { get; } = new(buckets, known?.Groups ?? []);

    /// <summary>For each cell of the facts, the row it is added to. Negative if the query does not include it.</summary>
    public int[] RowsOf(AggregateFacts facts, SliceWindow use, ImmutableArray<Instant> edges)
    {
        var bucketOf = new int[facts.BucketCount];
        for (var b = 0; b < bucketOf.Length; b++)
        {
            var start = facts.Edges[b];
            bucketOf[b] = start >= use.From && start < use.To ? Math.Min(FactsMerger.BucketAt(edges, start), buckets - 1) : NotSelected;
        }

        var (groupOf, rowOf) = (new int[facts.Series.Length], new int[facts.Series.Length * facts.BucketCount]);
        Array.Fill(groupOf, NotVisited);
        Array.Fill(rowOf, NotVisited);
        var remaining = rowOf.Length;
        foreach (var column in facts.Columns)
        {
            foreach (var cell in column.Cells)
            {
                if (rowOf[cell] == NotVisited)
                {
                    var (series, bucket) = (cell / bucketOf.Length, bucketOf[cell % bucketOf.Length]);
                    rowOf[cell] = bucket < 0 ? NotSelected : RowOf(facts.Series[series], ref groupOf[series], bucket);
                    remaining--;
                }
            }

            if (remaining == 0)
            {
                // Usually the first columns contain every cell.
                break;
            }
        }

        return rowOf;
    }

    private int RowOf(FactSeries series, ref int group, int bucket)
    {
        if (group == NotVisited && !_groupOfSeries.TryGetValue(series, out group))
        {
            group = scope.Includes(series) ? Rows.AddGroup(new RowGroup(series.QueueId, series.MediaType, null, series.Values)) : NotSelected;
            _groupOfSeries.Add(series, group);
        }

        return group == NotSelected ? NotSelected : Rows.FindOrAdd(group, bucket);
    }
}

/// <summary>
/// The finest groups of a whole interval, for folding a segment of it. Whether a group posts answers, and which groups a filled grid has, depends on
/// all buckets of a response.
/// </summary>
internal sealed record IntervalGroups(IReadOnlyList<RowGroup> Groups, bool[] Posts)
{
    /// <param name="plan">Covers the whole interval, with as few buckets as possible.</param>
    public static IntervalGroups Of(SlicePlan plan, IReadOnlyDictionary<SliceKey, SliceResult> outcomes, FoldScope scope)
    {
        var finest = new CellRows(plan.Edges.Length - 1, scope);
        var parts = plan.Uses
            .Select(use => (Facts: outcomes.GetValueOrDefault(use.Slice.Key)?.Facts, Use: use))
            .Where(part => part.Facts is not null)
            .Select(part => (part.Facts!, finest.RowsOf(part.Facts!, part.Use, plan.Edges)))
            .ToList();
        return new(finest.Rows.Groups, CallbackCoverage.Of(finest.Rows, parts));
    }

    /// <summary>Adds what is known of the groups, which are the first in a fold that knows them.</summary>
    public void AddTo(bool[] posts)
    {
        for (var group = 0; group < Posts.Length; group++)
        {
            posts[group] |= Posts[group];
        }
    }
}
