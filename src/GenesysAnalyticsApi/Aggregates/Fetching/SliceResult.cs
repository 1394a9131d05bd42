using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>
/// What came of asking for a slice: facts, a failure that stood in their way, or both: older facts, shown because Genesys could
/// not be asked for new ones. Never neither.
/// </summary>
/// <param name="FetchedAt">When Genesys was asked; nothing that happened later is in the facts.</param>
/// <param name="Calls">Attempts that reached Genesys for it, in this request.</param>
/// <param name="Refused">Metrics of the slice's group that Genesys refuses to give; they are missing, not zero.</param>
internal sealed record SliceResult(
    Slice Slice, AggregateFacts? Facts, Instant FetchedAt, GenesysFailure? Failure, int Calls, IReadOnlySet<string> Refused)
{
    /// <summary>It was there already; nobody was asked for it.</summary>
    public bool IsCached { get; init; }

    /// <summary>The queues that Genesys was asked for.</summary>
    public QueueSet Asked { get; init; } = QueueSet.Everything;

    /// <summary>It was asked for by the ids of queues: one that nobody knew of is not in it.</summary>
    public bool IsByQueues => Facts is not null && !Asked.IsEverything;

    /// <summary>Queues that the question needs and that Genesys could not be asked for: of these there are no facts.</summary>
    public QueueSet Lacking => Facts is null ? QueueSet.None : Slice.Needed.Without(Asked);

    /// <summary>When it has to be fetched again.</summary>
    public Instant DueAt { get; init; } = Instant.MaxValue;

    /// <summary>There are facts, but older than they should be.</summary>
    public bool IsStale => Facts is not null && Failure is not null;

    /// <summary>There are no facts.</summary>
    public bool IsFailed => Facts is null;

    /// <summary>There are no facts, or not of all the queues that the question needs.</summary>
    public bool HasGaps => IsFailed || !Lacking.Ids.IsEmpty;
}

/// <summary>A slice as it is kept: in memory, and in Redis where replicas share.</summary>
/// <param name="FetchedAt">When Genesys was asked; its age and its freshness count from here.</param>
/// <param name="Refused">Metrics of its group that Genesys refused then: they are missing, not zero.</param>
internal sealed record CachedSlice(AggregateFacts Facts, Instant FetchedAt, ImmutableArray<string> Refused)
{
    /// <summary>The queues that Genesys was asked for. Of any other, nothing is known: it is missing, not silent.</summary>
    public QueueSet Asked { get; init; } = QueueSet.Everything;

    /// <summary>Bytes of memory: what the columns hold, and little else; names are shared by all slices.</summary>
    public long Size => SizeOf(Facts) + (Asked.Ids.Length * IntPtr.Size);

    /// <summary>The slice with the queues that it lacked. It is as old as its oldest part.</summary>
    public CachedSlice With(CachedSlice lacked) => new(
        FactsMerger.Merge(Facts.Edges, [Facts, lacked.Facts]), Instant.Min(FetchedAt, lacked.FetchedAt), [.. Refused.Union(lacked.Refused, StringComparer.Ordinal)])
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
