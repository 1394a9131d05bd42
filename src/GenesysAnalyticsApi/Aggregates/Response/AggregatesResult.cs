using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Folding;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>A response before it is written, with the slices that it was computed from.</summary>
internal sealed record AggregatesResult(
    ResolvedQuery Query, ResponseMeta Meta, RecordList Records, IReadOnlyList<SliceResult> Slices, Instant? DirectoryReadAt)
{
    /// <summary>The fetch time of the oldest data that can still change; null if all data is final.</summary>
    public Instant? OpenSince { get; init; }

    /// <summary>Genesys rejects a metric that the query needs, and can supply it at any time.</summary>
    public bool IsLacking { get; init; }
}
