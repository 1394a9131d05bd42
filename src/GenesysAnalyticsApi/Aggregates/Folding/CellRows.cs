using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>The finest rows of a response: one per queue × media type × dimensions of the slices × bucket that has data.</summary>
/// <param name="known">Groups to number first, even if they have no rows; null for none.</param>
internal sealed class CellRows(int buckets, FoldScope scope, IntervalGroups? known = null)
{
    private const int NotVisited = -2;
    private const int NotSelected = -1;

    private readonly Dictionary<FactSeries, int> _groupOfSeries =
        known?.Groups.Index().ToDictionary(group => new FactSeries(group.Item.QueueId!, group.Item.MediaType!, group.Item.Values), group => group.Index) ?? [];

    public RowIndex Rows { get; } = new(buckets, known?.Groups ?? []);

    /// <summary>Returns, for each cell of the facts, the row to which it is added; negative if the query does not include the cell.</summary>
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
