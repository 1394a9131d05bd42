using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>A slice as it is kept: in memory, and in Redis where replicas share.</summary>
/// <param name="FetchedAt">When Genesys was asked; its age and its freshness count from here.</param>
/// <param name="Refused">Metrics of its group that Genesys refused then: they are missing, not zero.</param>
internal sealed record StoredSlice(AggregateFacts Facts, Instant FetchedAt, ImmutableArray<string> Refused)
{
    /// <summary>The queues that Genesys was asked for. Of any other, nothing is known: it is missing, not silent.</summary>
    public QueueSet Asked { get; init; } = QueueSet.Everything;

    /// <summary>Bytes of memory: what the columns hold, and little else; names are shared by all slices.</summary>
    public long Size => SizeOf(Facts) + (Asked.Ids.Length * IntPtr.Size);

    /// <summary>The slice with the queues that it lacked. It is as old as its oldest part.</summary>
    public StoredSlice With(StoredSlice lacked) => new(
        FactsMerge.Merge(Facts.Edges, [Facts, lacked.Facts]), Instant.Min(FetchedAt, lacked.FetchedAt), [.. Refused.Union(lacked.Refused, StringComparer.Ordinal)])
    {
        Asked = Asked.Union(lacked.Asked),
    };

    private static long SizeOf(AggregateFacts facts)
    {
        const int PerArray = 24;
        const int PerOdd = 16;
        long bytes = 200 + (facts.Edges.Length * 16) + (facts.Series.Length * 16);
        foreach (var column in facts.Columns)
        {
            bytes += 120 + PerArray + (column.Cells.Length * sizeof(int));
            bytes += column.Count is null ? 0 : PerArray + (column.Count.Length * sizeof(long));
            foreach (var statistic in new[] { column.Sum, column.Min, column.Max, column.Numerator, column.Denominator, column.Target, column.P95, column.P99 })
            {
                bytes += statistic is null ? 0 : PerArray + (statistic.Length * sizeof(double));
            }

            bytes += column.Odd is null ? 0 : PerArray + (column.Odd.Length * PerOdd);
        }

        return bytes;
    }
}
