using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>A query with all data that its response is computed from.</summary>
/// <param name="Names">The queues that the caller can see; null if the directory cannot be read.</param>
internal sealed record LoadedQuery(
    AggregatesQuery Query, ResolvedQueues Selection, SlicePlan Plan, IReadOnlyDictionary<SliceKey, SliceResult> Read, QueueDirectorySnapshot? Names)
{
    /// <summary>The estimated number of rows that the response is computed from.</summary>
    public int Rows { get; init; }
}
