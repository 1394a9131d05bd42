using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Checks properties that every slice written by a replica has. The checksum detects damage, but not a value that another program wrote, and every query
/// that used an inconsistent slice would fail.
/// </summary>
internal static class SliceCacheEntryValidator
{
    private const int MaxNameLength = 512;

    /// <summary>Neither the reply parser nor the merge produces a larger value.</summary>
    private const double MaxValue = Statistics.Largest;

    /// <returns>What is invalid; null if the entry can be unpacked.</returns>
    public static string? Validate(SliceCacheEntry packed) =>
        packed is { Edges: null } or { Names: null } or { Series: null } or { Columns: null } or { RejectedMetrics: null } ? "a part is missing"
        : !IsTicks(packed.Stamp) || !IsTicks(packed.ExpiresAt) ? "invalid times"
        : !AreEdges(packed.Edges) ? "invalid edges"
        : !Array.TrueForAll(packed.Names, IsName) || !Array.TrueForAll(packed.RejectedMetrics, IsName) || !(packed.RequestedQueues is null || Array.TrueForAll(packed.RequestedQueues, IsName)) ? "an invalid name"
        : !SeriesIndexes.AreValid(packed.Series, packed.Names.Length) ? "invalid series"
        : !AreColumns(packed.Columns, cells: (long)SeriesIndexes.CountOf(packed.Series) * (packed.Edges.Length - 1)) ? "columns that do not match the series and buckets"
        : null;

    private static bool IsTicks(long ticks) => ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks;

    private static bool IsName(string? name) => UnicodeText.IsValid(name, MaxNameLength);

    /// <summary>Returns whether the edges are valid: they ascend in equal steps, because all buckets of a slice have the same length.</summary>
    private static bool AreEdges(long[] edges)
    {
        if (edges.Length < 2 || edges[0] < NodaTime.Instant.MinValue.ToUnixTimeTicks() || edges[^1] > NodaTime.Instant.MaxValue.ToUnixTimeTicks() || edges[1] <= edges[0])
        {
            return false;
        }

        var step = unchecked(edges[1] - edges[0]);
        for (var i = 1; i < edges.Length; i++)
        {
            if (edges[i] <= edges[i - 1] || unchecked(edges[i] - edges[i - 1]) != step)
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreColumns(FactColumn?[] columns, long cells)
    {
        var metrics = new HashSet<string>(StringComparer.Ordinal);
        return Array.TrueForAll(columns, column =>
            column is not null && IsName(column.Metric) && metrics.Add(column.Metric)
            && AreCells(column.Cells, cells)
            && AreCounts(column.Count, column.Cells.Length)
            && StatisticsOf(column).All(values => AreValues(values, column.Cells.Length))
            && AreInvalidStatistics(column.Invalid, column.Cells.Length));
    }

    private static bool AreCells(int[]? cells, long count)
    {
        if (cells is null)
        {
            return false;
        }

        var previous = -1;
        foreach (var cell in cells)
        {
            if (cell <= previous || cell >= count)
            {
                return false;
            }

            previous = cell;
        }

        return true;
    }

    private static bool AreCounts(long[]? counts, int cells) =>
        counts is null || (counts.Length == cells && !counts.AsSpan().ContainsAnyExceptInRange(StatisticAccumulator.Unknown, (long)MaxValue));

    // NaN stands for a missing value.
    private static bool AreValues(double[]? values, int cells) =>
        values is null || (values.Length == cells && Array.TrueForAll(values, value => double.IsNaN(value) || Math.Abs(value) <= MaxValue));

    private static bool AreInvalidStatistics(InvalidStatistic[]? invalid, int cells) =>
        invalid is null || Array.TrueForAll(invalid, statistic =>
            (uint)statistic.Row < cells && Enum.IsDefined(statistic.Statistic) && UnicodeText.IsValid(statistic.Value, MaxNameLength));

    private static double[]?[] StatisticsOf(FactColumn column) =>
        [column.Sum, column.Min, column.Max, column.Numerator, column.Denominator, column.Target, column.P95, column.P99];
}
