using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Facts;

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
