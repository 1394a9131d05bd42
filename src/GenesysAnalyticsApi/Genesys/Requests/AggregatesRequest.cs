using System.Collections.Immutable;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Genesys.Requests;

/// <summary>
/// One aggregates query, grouped by queue, media type and bucket. The buckets are half-open and lie between consecutive <paramref name="Edges"/>.
/// </summary>
/// <param name="Edges">Ascending instants, at least two. The requested interval runs from the first to the last.</param>
/// <param name="Granularity">The ISO 8601 length of a bucket, which divides the interval exactly at <paramref name="Edges"/>; null for one bucket.</param>
/// <param name="TimeZone">The IANA time zone in which Genesys divides the interval into days; null if the buckets have a fixed length.</param>
/// <param name="Metrics">Genesys metric names.</param>
/// <param name="Direction"><c>inbound</c>, <c>outbound</c>, or null for both (dimension <c>originatingDirection</c>).</param>
/// <param name="QueueIds">The queues to query; empty for all queues.</param>
internal sealed record AggregatesRequest(
    ImmutableArray<Instant> Edges,
    string? Granularity,
    string? TimeZone,
    ImmutableArray<string> Metrics,
    string? Direction,
    ImmutableArray<string> QueueIds)
{
    /// <summary>The dimensions by which the reply is split in addition to queue and media type.</summary>
    public Dimensions Dimensions { get; init; }

    /// <summary>Views of the metrics. The facts contain the views as columns. Views in the reply that were not requested are ignored.</summary>
    public ImmutableArray<MetricView> Views { get; init; } = [];

    /// <summary>Decides the priority in the rate limiter; it is not sent to Genesys.</summary>
    public RequestOrigin Origin { get; init; } = RequestOrigin.Anonymous;
}

/// <param name="FetchedAt">When the request was sent. The reply contains nothing that happened later.</param>
/// <param name="Calls">Attempts sent to Genesys, including retries and replays.</param>
internal sealed record AggregatesReply(AggregateFacts Facts, Instant FetchedAt, int Calls);
