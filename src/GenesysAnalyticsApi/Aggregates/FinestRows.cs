using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>The finest rows of an answer: queue × media type × bucket, one for each that has a cell.</summary>
internal sealed class FinestRows(int buckets, FoldScope scope)
{
    private readonly Dictionary<FactSeries, int[]> _rowsOfSeries = [];

    public List<FoldedRow> Rows { get; } = [];

    /// <summary>For each cell of the facts the row it is added to; -1 where the question does not take it.</summary>
    public int[] RowsOf(AggregateFacts facts, SliceUse use, ImmutableArray<Instant> edges)
    {
        var bucketOf = new int[facts.BucketCount];
        for (var b = 0; b < bucketOf.Length; b++)
        {
            var start = facts.Edges[b];
            bucketOf[b] = start >= use.From && start < use.To ? Math.Min(FactsMerge.BucketAt(edges, start), buckets - 1) : -1;
        }

        var map = new int[facts.Series.Length * facts.BucketCount];
        Array.Fill(map, -1);
        foreach (var column in facts.Columns)
        {
            foreach (var cell in column.Cells)
            {
                var bucket = bucketOf[cell % bucketOf.Length];
                if (map[cell] < 0 && bucket >= 0)
                {
                    map[cell] = RowOf(facts.Series[cell / bucketOf.Length], bucket);
                }
            }
        }

        return map;
    }

    private int RowOf(FactSeries series, int bucket)
    {
        if (!_rowsOfSeries.TryGetValue(series, out var rows))
        {
            rows = scope.Includes(series) ? new int[buckets] : [];
            _rowsOfSeries.Add(series, rows);
        }

        if (rows.Length == 0)
        {
            return -1;
        }

        // 0 is "none yet", so that a fresh array needs no filling.
        if (rows[bucket] == 0)
        {
            Rows.Add(new FoldedRow(new RowGroup(series.QueueId, series.MediaType, null), bucket));
            rows[bucket] = Rows.Count;
        }

        return rows[bucket] - 1;
    }
}
