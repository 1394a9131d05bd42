using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>Numbers rows in order of insertion. A row is found by its group and bucket index, so group names are not compared for each row.</summary>
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

    public int BucketCount => buckets;

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
        // The array contains the index plus one: 0 then means that there is no row, and a new array needs no initialization.
        var rows = _rowsOf[group];
        if (rows[bucket] == 0)
        {
            _rows.Add((group, bucket));
            rows[bucket] = _rows.Count;
        }

        return rows[bucket] - 1;
    }
}

/// <summary>The dimensions of a row; null for dimensions over which the row is rolled up.</summary>
/// <param name="Values">The values in the dimensions by which Genesys splits figures on request.</param>
internal readonly record struct RowGroup(string? QueueId, string? MediaType, string? DivisionId, DimensionValues? Values = null);

internal readonly record struct FoldedRow(RowGroup Group, int Bucket);

/// <summary>The unsorted rows of a response with their additive columns.</summary>
/// <param name="Columns">The columns by metric. A metric without any events has no column.</param>
/// <param name="QueueIds">All queues that had a row before the roll-up.</param>
/// <param name="Coverage">For which groups Genesys reports answers and abandons, and the offered counts of these groups.</param>
internal sealed record FoldedRows(
    RowIndex Rows,
    IReadOnlyDictionary<string, StatisticAccumulator> Columns,
    IReadOnlySet<string> QueueIds,
    MetricCoverage Coverage)
{
    /// <summary>For each dimension by which the query filters, in the order of the filters: the values that have rows.</summary>
    public IReadOnlyList<IReadOnlySet<string>> Filtered { get; init; } = [];

    /// <summary>The statistics that were omitted from the rows.</summary>
    public IReadOnlyList<OmittedStatistic> Omitted { get; init; } = [];
}

/// <summary>An invalid statistic, which is omitted from all figures.</summary>
/// <param name="Group">The finest group that is known; the rolled-up group if a sum overflowed in the roll-up.</param>
internal readonly record struct OmittedStatistic(RowGroup Group, string Metric, Statistic Statistic, string Value);

/// <summary>
/// Records for which rows of a response Genesys reports answers and abandons. Genesys does not report them for customer-first callbacks
/// (<see cref="CallbackCoverage"/>).
/// </summary>
internal sealed class MetricCoverage(RowIndex rows)
{
    /// <summary>For each group, whether Genesys reports answers for at least one part. If so, the figures are numbers, including 0; if not, null.</summary>
    public bool[] ReportsAnswers { get; } = new bool[rows.Groups.Count];

    /// <summary>For each row, the offered count of the parts with reported answers, which is the denominator of answerRate and abandonRate.</summary>
    public long[] Offered { get; } = new long[rows.Count];

    /// <summary>The offered count of the parts without reported answers, in rows that have an answerRate and abandonRate.</summary>
    public long Excluded { get; set; }
}

/// <summary>
/// The finest groups of a whole interval, for folding one segment of it. A segment alone does not show for which groups Genesys reports answers, nor which
/// groups a filled grid contains, because all buckets of the response determine these groups.
/// </summary>
internal sealed record IntervalGroups(IReadOnlyList<RowGroup> Groups, bool[] ReportsAnswers)
{
    /// <param name="plan">A plan that covers the whole interval with as few buckets as possible.</param>
    public static IntervalGroups Of(SlicePlan plan, IReadOnlyDictionary<SliceKey, SliceResult> outcomes, FoldScope scope)
    {
        var finest = new CellRows(plan.Edges.Length - 1, scope);
        var parts = plan.Windows
            .Select(window => (Facts: outcomes.GetValueOrDefault(window.Slice.Key)?.Facts, Window: window))
            .Where(part => part.Facts is not null)
            .Select(part => (part.Facts!, finest.RowsOf(part.Facts!, part.Window, plan.Edges)))
            .ToList();
        return new(finest.Rows.Groups, CallbackCoverage.Of(finest.Rows, parts));
    }

    /// <summary>
    /// Adds the groups of the whole interval for which Genesys reports answers. A fold that knows these groups numbers them first, in the same order.
    /// </summary>
    public void AddTo(bool[] reportsAnswers)
    {
        for (var group = 0; group < ReportsAnswers.Length; group++)
        {
            reportsAnswers[group] |= ReportsAnswers[group];
        }
    }
}

/// <summary>The finest rows of a response: one per queue × media type × dimensions of the slices × bucket that has data.</summary>
/// <param name="intervalGroups">Groups to number first, even if they have no rows; null for none.</param>
internal sealed class CellRows(int buckets, FoldScope scope, IntervalGroups? intervalGroups = null)
{
    private const int NotVisited = -2;
    private const int NotSelected = -1;

    private readonly Dictionary<FactSeries, int> _groupOfSeries =
        intervalGroups?.Groups.Index().ToDictionary(group => new FactSeries(group.Item.QueueId!, group.Item.MediaType!, group.Item.Values), group => group.Index) ?? [];

    public RowIndex Rows { get; } = new(buckets, intervalGroups?.Groups ?? []);

    /// <summary>Returns, for each cell of the facts, the row to which it is added; negative if the query does not include the cell.</summary>
    public int[] RowsOf(AggregateFacts facts, SliceWindow window, ImmutableArray<Instant> edges)
    {
        var bucketOf = new int[facts.BucketCount];
        for (var b = 0; b < bucketOf.Length; b++)
        {
            var start = facts.Edges[b];
            bucketOf[b] = start >= window.From && start < window.To ? Math.Min(FactsMerger.BucketAt(edges, start), buckets - 1) : NotSelected;
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
