using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>A query whose slices are planned and within the limits, but not read yet.</summary>
/// <param name="PendingQueueNames">Reads the queues that the caller can see; the result is null if they cannot be read.</param>
internal sealed record PlannedQuery(
    AggregatesQuery Query, ResolvedQueues Selection, SlicePlan Plan, Task<QueueDirectorySnapshot?> PendingQueueNames, SliceReadContext Context)
{
    /// <summary>The work slot. Only a query for which a caller waits has a slot.</summary>
    public WorkSlot Slot => Context.Slot ?? throw new InvalidOperationException("A job holds no slot.");

    /// <summary>Reads the names of agents and wrap-up codes.</summary>
    public required Task<DimensionNames> PendingDimensionNames { get; init; }

    /// <summary>The estimated rows of one bucket.</summary>
    public required double RowsPerBucket { get; init; }

    /// <summary>Whether the response is expected to be so large that it is read in segments.</summary>
    public required bool IsSegmented { get; init; }
}
