using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Text;
using MemoryPack;

namespace GenesysAnalyticsApi.Facts;

/// <summary>
/// The additive parts of an aggregates reply, in columns: one sparse column per metric over the cells of
/// <see cref="Series"/> × buckets. Facts contain no quotients, so the facts of several requests can be merged.
/// </summary>
/// <param name="Edges">The bucket edges, ascending; bucket i is [edge i, edge i+1).</param>
/// <param name="Series">Queue × media type × requested dimensions. Groups without a queue are excluded.</param>
/// <param name="Columns">One per metric that has at least one cell.</param>
internal sealed record AggregateFacts(
    ImmutableArray<Instant> Edges,
    ImmutableArray<FactSeries> Series,
    ImmutableArray<FactColumn> Columns)
{
    public int BucketCount => Edges.Length - 1;

    /// <summary>True if Genesys sent invalid statistics, which were dropped.</summary>
    public bool HasInvalid => Columns.Any(column => column.Invalid is not null);

    /// <summary>
    /// Keeps the columns of these metrics and of values without a metric name. Other metrics belong to another request and would be counted twice.
    /// </summary>
    public AggregateFacts Of(IReadOnlyList<string> metrics) =>
        this with { Columns = [.. Columns.Where(column => metrics.Contains(column.Metric, StringComparer.Ordinal) || column.Metric == FactsBuilder.NoMetric)] };

    public static AggregateFacts Empty(ImmutableArray<Instant> edges) => new(edges, [], []);
}

/// <summary>A queue and a media type, as Genesys spells them. Both texts are interned, because thousands of slices contain them.</summary>
/// <param name="Values">The values in further dimensions; null if the slice is not split by any.</param>
internal readonly record struct FactSeries(string QueueId, string MediaType, DimensionValues? Values = null);

/// <summary>
/// The cells of a metric. All non-null arrays have the same length. An array is null if no cell has the statistic, and NaN marks a cell
/// that lacks it. In sums and parts of ratios, <see cref="StatisticAccumulator.Unknown"/> marks a value that cannot be computed.
/// </summary>
[MemoryPackable]
internal sealed partial record FactColumn
{
    [CheckedString]
    public required string Metric { get; init; }

    /// <summary>Cell indexes: series index × bucket count + bucket index. Strictly ascending.</summary>
    public required int[] Cells { get; init; }

    /// <summary>
    /// <c>stats.count</c>; 0 without events. <see cref="StatisticAccumulator.Unknown"/> if Genesys sent no count although a sum shows that there were events.
    /// </summary>
    public long[]? Count { get; init; }

    /// <summary><c>stats.sum</c>, in milliseconds for timers.</summary>
    public double[]? Sum { get; init; }

    public double[]? Min { get; init; }

    public double[]? Max { get; init; }

    public double[]? Numerator { get; init; }

    public double[]? Denominator { get; init; }

    /// <summary><c>stats.target</c>, 0–1.</summary>
    public double[]? Target { get; init; }

    public double[]? P95 { get; init; }

    public double[]? P99 { get; init; }

    /// <summary>Invalid statistics that were dropped; null if there were none.</summary>
    public InvalidStatistic[]? Invalid { get; init; }
}

/// <summary>
/// An invalid statistic: a negative count, text instead of a number, or a sum beyond the representable range. In the column, an invalid value from Genesys
/// is replaced by 0 if the statistic is additive, and by NaN otherwise. A sum that becomes too large in a merge is
/// <see cref="StatisticAccumulator.Unknown"/>.
/// </summary>
/// <param name="Row">Index in the arrays of the column.</param>
/// <param name="Statistic">The statistic; <see cref="Statistic.All"/> if the whole metric is invalid.</param>
/// <param name="Value">The value that Genesys sent, sanitized, or the reason for the omission.</param>
[MemoryPackable]
internal readonly partial record struct InvalidStatistic(int Row, Statistic Statistic, [property: CheckedString] string Value);

/// <summary>
/// Tracks which statistics of which rows lack a value because it was invalid. Invalid values are rare, so the bits are allocated on first use.
/// </summary>
internal sealed class InvalidStatistics(int rows)
{
    private readonly List<InvalidStatistic> _all = [];
    private ushort[]? _bitsOfRow;

    public IReadOnlyList<InvalidStatistic> All => _all;

    public void Add(InvalidStatistic statistic)
    {
        _all.Add(statistic);
        (_bitsOfRow ??= new ushort[rows])[statistic.Row] |= (ushort)(1 << (int)statistic.Statistic);
    }

    /// <param name="invalid">Invalid statistics with rows of the source column.</param>
    /// <param name="rowOf">Maps each row of the source column to a row of the target column; negative if the row is dropped.</param>
    public void Add(InvalidStatistic[]? invalid, ReadOnlySpan<int> rowOf)
    {
        foreach (var statistic in invalid ?? [])
        {
            if (rowOf[statistic.Row] >= 0)
            {
                Add(statistic with { Row = rowOf[statistic.Row] });
            }
        }
    }

    public bool IsInvalid(int row, Statistic statistic) =>
        _bitsOfRow is not null && (_bitsOfRow[row] & ((1 << (int)statistic) | (1 << (int)Statistic.All))) != 0;
}

/// <summary>The stored statistics of a metric. The statistics that are stored as doubles come first.</summary>
internal enum Statistic
{
    Sum,
    Min,
    Max,
    Numerator,
    Denominator,
    Target,
    P95,
    P99,
    Count,

    /// <summary>All statistics of the metric, if the reply does not show which of them is invalid.</summary>
    All,
}

internal static class Statistics
{
    /// <summary>The number of statistics that are stored as doubles.</summary>
    public const int Doubles = (int)Statistic.Count;

    /// <summary>
    /// A double represents every integer up to this one exactly. A JSON reader might round a larger number. Real counts and sums are far smaller.
    /// </summary>
    public const double Largest = (1L << 53) - 1;
}

/// <summary>
/// Merges the facts of several parts, such as the halves of a slice or the hours of a day, into common buckets. The order of the parts does not matter. The
/// result equals the result of a single request, except for statistics that cannot be merged (<see cref="StatisticAccumulator"/>).
/// </summary>
internal static class FactsMerger
{
    public static AggregateFacts Merge(ImmutableArray<Instant> edges, IReadOnlyList<AggregateFacts> parts)
    {
        if (parts is [var single] && single.Edges.AsSpan().SequenceEqual(edges.AsSpan()))
        {
            return single;
        }

        return MergeAll(edges, parts);
    }

    /// <summary>Adds up the parts of a split over all dimensions except <paramref name="kept"/>.</summary>
    public static AggregateFacts RollUp(AggregateFacts facts, Dimensions kept) =>
        MergeAll(facts.Edges, [facts with { Series = [.. facts.Series.Select(series => series with { Values = series.Values?.Only(kept) })] }]);

    private static AggregateFacts MergeAll(ImmutableArray<Instant> edges, IReadOnlyList<AggregateFacts> parts)
    {
        var series = new Dictionary<FactSeries, int>();
        var maps = parts.Select(part => CellMap(part, edges, series)).ToList();
        var columns = parts
            .SelectMany((part, index) => part.Columns.Select(column => (column, map: maps[index])))
            .GroupBy(pair => pair.column.Metric, StringComparer.Ordinal)
            .Select(group => MergeColumn(group.Key, [.. group], series.Count * (edges.Length - 1)));
        return new AggregateFacts(edges, [.. series.OrderBy(known => known.Value).Select(known => known.Key)], [.. columns]);
    }

    /// <summary>The bucket that contains an instant; -1 if the instant is before the first bucket.</summary>
    public static int BucketAt(ImmutableArray<Instant> edges, Instant instant)
    {
        var found = edges.BinarySearch(instant);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>Maps each cell of a part to its cell in the result.</summary>
    private static int[] CellMap(AggregateFacts part, ImmutableArray<Instant> edges, Dictionary<FactSeries, int> series)
    {
        var map = new int[part.Series.Length * part.BucketCount];
        for (var s = 0; s < part.Series.Length; s++)
        {
            if (!series.TryGetValue(part.Series[s], out var target))
            {
                series.Add(part.Series[s], target = series.Count);
            }

            for (var b = 0; b < part.BucketCount; b++)
            {
                map[(s * part.BucketCount) + b] = (target * (edges.Length - 1)) + BucketAt(edges, part.Edges[b]);
            }
        }

        return map;
    }

    private static FactColumn MergeColumn(string metric, IReadOnlyList<(FactColumn Column, int[] Map)> parts, int cellCount)
    {
        var rowOf = new int[cellCount];
        foreach (var (column, map) in parts)
        {
            foreach (var cell in column.Cells)
            {
                rowOf[map[cell]] = 1;
            }
        }

        var cells = Enumerable.Range(0, cellCount).Where(cell => rowOf[cell] == 1).ToArray();
        for (var row = 0; row < cells.Length; row++)
        {
            rowOf[cells[row]] = row;
        }

        var merged = new StatisticAccumulator(metric, cells.Length, parts.Select(part => part.Column));
        foreach (var (column, map) in parts)
        {
            merged.Add(column, [.. column.Cells.Select(cell => rowOf[map[cell]])]);
        }

        return merged.ToFacts(cells);
    }
}
