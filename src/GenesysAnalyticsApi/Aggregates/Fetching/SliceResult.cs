using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// The result of requesting a slice: facts, a failure, or both. Both means stale facts, returned because the fetch of new ones failed.
/// </summary>
/// <param name="FetchedAt">When the Genesys request started; the facts contain nothing later.</param>
/// <param name="Calls">The Genesys requests sent for it by this query, including retries.</param>
/// <param name="Refused">Metrics of the group that Genesys rejects; they are missing, not zero.</param>
internal sealed record SliceResult(
    Slice Slice, AggregateFacts? Facts, Instant FetchedAt, GenesysFailure? Failure, int Calls, IReadOnlySet<string> Refused)
{
    /// <summary>Whether the slice was cached and fresh.</summary>
    public bool IsCached { get; init; }

    /// <summary>The queues that were requested from Genesys.</summary>
    public QueueSet Asked { get; init; } = QueueSet.Everything;

    /// <summary>Whether the slice was requested by queue ids. Unknown queues are then missing from it.</summary>
    public bool IsByQueues => Facts is not null && !Asked.IsEverything;

    /// <summary>The queues of the query that the facts do not cover.</summary>
    public QueueSet Lacking => Facts is null ? QueueSet.None : Slice.Needed.Without(Asked);

    /// <summary>When the slice must be fetched again.</summary>
    public Instant DueAt { get; init; } = Instant.MaxValue;

    /// <summary>Whether the facts are older than they should be.</summary>
    public bool IsStale => Facts is not null && Failure is not null;

    /// <summary>Whether there are no facts.</summary>
    public bool IsFailed => Facts is null;

    /// <summary>Whether facts are missing, for all queues of the query or for some.</summary>
    public bool HasGaps => IsFailed || !Lacking.Ids.IsEmpty;
}

/// <summary>A slice in the cache.</summary>
/// <param name="FetchedAt">When the Genesys request started; age and freshness count from here.</param>
/// <param name="Refused">Metrics of its group that Genesys rejected; they are missing, not zero.</param>
internal sealed record CachedSlice(AggregateFacts Facts, Instant FetchedAt, ImmutableArray<string> Refused)
{
    /// <summary>The queues that were requested from Genesys. About any other queue nothing is known; its facts are missing, not zero.</summary>
    public QueueSet Asked { get; init; } = QueueSet.Everything;

    /// <summary>The memory in bytes, mostly of the columns. All slices share the names, which do not count.</summary>
    public long Size => SizeOf(Facts) + (Asked.Ids.Length * IntPtr.Size);

    /// <summary>Adds the queues that the slice lacks. The result is as old as its oldest part.</summary>
    public CachedSlice With(CachedSlice missing) => new(
        FactsMerger.Merge(Facts.Edges, [Facts, missing.Facts]), Instant.Min(FetchedAt, missing.FetchedAt), [.. Refused.Union(missing.Refused, StringComparer.Ordinal)])
    {
        Asked = Asked.Union(missing.Asked),
    };

    private static long SizeOf(AggregateFacts facts)
    {
        const int PerArray = 24;
        const int PerInvalidStatistic = 16;
        long bytes = 200 + (facts.Edges.Length * 16) + (facts.Series.Length * 16);
        foreach (var column in facts.Columns)
        {
            bytes += 120 + PerArray + (column.Cells.Length * sizeof(int));
            bytes += column.Count is null ? 0 : PerArray + (column.Count.Length * sizeof(long));
            foreach (var statistic in new[] { column.Sum, column.Min, column.Max, column.Numerator, column.Denominator, column.Target, column.P95, column.P99 })
            {
                bytes += statistic is null ? 0 : PerArray + (statistic.Length * sizeof(double));
            }

            bytes += column.Invalid is null ? 0 : PerArray + (column.Invalid.Length * PerInvalidStatistic);
        }

        return bytes;
    }
}
