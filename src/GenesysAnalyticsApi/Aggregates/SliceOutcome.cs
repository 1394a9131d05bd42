using GenesysAnalyticsApi.Genesys;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// What came of asking for a slice: facts, a failure that stood in their way, or both: older facts, shown because Genesys could
/// not be asked for new ones. Never neither.
/// </summary>
/// <param name="FetchedAt">When Genesys was asked; nothing that happened later is in the facts.</param>
/// <param name="Calls">Attempts that reached Genesys for it, in this request.</param>
/// <param name="Refused">Metrics of the slice's group that Genesys refuses to give; they are missing, not zero.</param>
internal sealed record SliceOutcome(
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
