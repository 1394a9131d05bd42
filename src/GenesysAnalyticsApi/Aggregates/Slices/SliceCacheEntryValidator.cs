using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Redis;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// What holds of every slice that a replica has written. Redis may have any other: a checksum tells damage, not who has written it, and
/// one that does not fit together would fail the questions that it is folded into.
/// </summary>
internal static class SliceCacheEntryValidator
{
    private const int LongestName = 512;

    /// <summary>The reader of answers and the merge keep nothing that is larger.</summary>
    private const double Most = Statistics.Largest;

    /// <returns>What is wrong; null for one that can be unpacked.</returns>
    public static string? FaultOf(SliceCacheEntry packed) =>
        packed is { Edges: null } or { Names: null } or { Series: null } or { Columns: null } or { Refused: null } ? "a part of it is missing"
        : !IsTicks(packed.Stamp) || !IsTicks(packed.ExpiresAt) ? "its times are none"
        : !AreEdges(packed.Edges) ? "its edges are none"
        : !Array.TrueForAll(packed.Names, IsName) || !Array.TrueForAll(packed.Refused, IsName) || !(packed.Asked is null || Array.TrueForAll(packed.Asked, IsName)) ? "a name in it is none"
        : !AreSeries(packed.Series, packed.Names.Length) ? "its series are none"
        : !AreColumns(packed.Columns, cells: (long)(packed.Series.Length / 2) * (packed.Edges.Length - 1)) ? "its columns do not fit its series and buckets"
        : null;

    private static bool IsTicks(long ticks) => ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks;

    private static bool IsName(string? name) => RedisText.IsValid(name, LongestName);

    /// <summary>All buckets of a slice have one length.</summary>
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

    /// <summary>Pairs of places among the names, each pair once: what is there twice would count twice.</summary>
    private static bool AreSeries(int[] series, int names)
    {
        var seen = new HashSet<(int, int)>();
        for (var i = 0; i + 1 < series.Length; i += 2)
        {
            if ((uint)series[i] >= names || (uint)series[i + 1] >= names || !seen.Add((series[i], series[i + 1])))
            {
                return false;
            }
        }

        return series.Length % 2 == 0;
    }

    private static bool AreColumns(ColumnCacheEntry?[] columns, long cells)
    {
        var metrics = new HashSet<string>(StringComparer.Ordinal);
        return Array.TrueForAll(columns, column =>
            column is not null && IsName(column.Metric) && metrics.Add(column.Metric)
            && AreCells(column.Cells, cells)
            && AreCounts(column.Count, column.Cells.Length)
            && Figures(column).All(figures => AreFigures(figures, column.Cells.Length))
            && AreOdd(column.Odd, column.Cells.Length));
    }

    private static bool AreCells(int[]? cells, long most)
    {
        if (cells is null)
        {
            return false;
        }

        var before = -1;
        foreach (var cell in cells)
        {
            if (cell <= before || cell >= most)
            {
                return false;
            }

            before = cell;
        }

        return true;
    }

    private static bool AreCounts(long[]? counts, int cells) =>
        counts is null || (counts.Length == cells && !counts.AsSpan().ContainsAnyExceptInRange(StatisticAccumulator.Unknown, (long)Most));

    // NaN stands for one that is lacking.
    private static bool AreFigures(double[]? figures, int cells) =>
        figures is null || (figures.Length == cells && Array.TrueForAll(figures, figure => double.IsNaN(figure) || Math.Abs(figure) <= Most));

    private static bool AreOdd(InvalidStatisticCacheEntry?[]? odd, int cells) =>
        odd is null || Array.TrueForAll(odd, one =>
            one is not null && (uint)one.Row < cells && Enum.IsDefined((Statistic)one.Statistic) && RedisText.IsValid(one.Value, LongestName));

    private static double[]?[] Figures(ColumnCacheEntry column) =>
        [column.Sum, column.Min, column.Max, column.Numerator, column.Denominator, column.Target, column.P95, column.P99];
}
