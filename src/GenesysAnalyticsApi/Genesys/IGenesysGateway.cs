using System.Collections.Immutable;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Pipeline;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// The operations that this service needs from Genesys Cloud. Every method throws <see cref="GenesysException"/> with one of a closed set of
/// failures, and <see cref="OperationCanceledException"/> only if the caller's token was canceled.
/// </summary>
internal interface IGenesysGateway
{
    /// <summary>Queries conversation aggregates per queue × media type × bucket, and per requested dimension, in one request.</summary>
    Task<AggregatesReply> QueryAggregatesAsync(AggregatesRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Runs the same query asynchronously: submits it, waits until Genesys has computed it (seconds to minutes, up to <c>Genesys:AsyncQueryTimeout</c>),
    /// reads all pages, and deletes the query. Genesys limits the size of each page, not that of the whole reply. The facts equal those of a single reply.
    /// </summary>
    Task<AggregatesReply> RunAsynchronousQueryAsync(AggregatesRequest request, CancellationToken cancellationToken);

    /// <summary>False while the circuit breaker is open: splitting a request would not help then.</summary>
    bool IsBreakerClosed { get; }

    /// <summary>Reads one page of the queue list (1-based).</summary>
    Task<ListPage<GenesysQueue>> ListQueuesAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken);

    /// <summary>Reads one page of the user list (1-based), including inactive users, because past figures contain their ids.</summary>
    Task<ListPage<GenesysName>> ListUsersAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken);

    /// <summary>Reads one page of the list of wrap-up codes (1-based).</summary>
    Task<ListPage<GenesysName>> ListWrapUpCodesAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken);
}

/// <summary>
/// One aggregates query for all queues × media types. Its buckets are half-open and lie between consecutive <paramref name="Edges"/>.
/// </summary>
/// <param name="Edges">Ascending instants, at least two. The requested interval runs from the first to the last.</param>
/// <param name="Granularity">ISO-8601 period whose steps give exactly <paramref name="Edges"/>; null for one bucket.</param>
/// <param name="TimeZone">IANA zone of calendar days; null if the buckets have a fixed length.</param>
/// <param name="Metrics">Genesys metric names.</param>
/// <param name="Direction"><c>inbound</c>, <c>outbound</c>, or null for both (dimension <c>originatingDirection</c>).</param>
/// <param name="QueueIds">Only these queues; empty for all.</param>
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

    /// <summary>Views of the metrics. The facts contain them as columns; views in the reply that were not requested are ignored.</summary>
    public ImmutableArray<MetricView> Views { get; init; } = [];

    /// <summary>Decides the priority in the rate limiter; it is not sent to Genesys.</summary>
    public RequestOrigin Origin { get; init; } = RequestOrigin.Anonymous;
}

/// <param name="FetchedAt">When the request was sent: the reply contains nothing that happened later.</param>
/// <param name="Calls">Attempts sent to Genesys, including retries and replays.</param>
internal sealed record AggregatesReply(AggregateFacts Facts, Instant FetchedAt, int Calls);

/// <summary>A page of a Genesys list.</summary>
internal sealed record ListPage<T>(IReadOnlyList<T> Entities, int PageNumber, int PageCount, bool HasNext)
{
    /// <summary>Attempts sent to Genesys, including retries and replays.</summary>
    public int Calls { get; init; } = 1;

    /// <summary>One message for each entry that was repaired or dropped.</summary>
    public IReadOnlyList<string> InvalidEntries { get; init; } = [];
}

/// <summary>The properties that the entries of every Genesys list have.</summary>
internal interface IGenesysEntity
{
    string Id { get; }

    string Name { get; }
}

/// <param name="ServiceLevels">Target and threshold per media type, by the names that analytics uses (<c>voice</c>, where the queue list has <c>call</c>).</param>
internal sealed record GenesysQueue(
    string Id,
    string Name,
    string? DivisionId,
    string? DivisionName,
    int? MemberCount,
    IReadOnlyDictionary<string, QueueServiceLevel> ServiceLevels) : IGenesysEntity;

/// <param name="Target">Fraction of conversations to answer within the threshold, 0–1.</param>
/// <param name="DurationMs">Threshold in milliseconds.</param>
internal sealed record QueueServiceLevel(double? Target, long? DurationMs);

/// <summary>A user or a wrap-up code. The service reads no other data about a user.</summary>
/// <param name="IsActive">False for an inactive or deleted user; null for a wrap-up code or an unknown state.</param>
internal sealed record GenesysName(string Id, string Name, bool? IsActive) : IGenesysEntity;

/// <summary>
/// The caller and the priority for which a Genesys request is sent. Callers are served round-robin, and background work leaves capacity for interactive
/// queries.
/// </summary>
/// <param name="Caller">The caller's identity, not its name: requests with the same identity share one queue.</param>
/// <param name="IsBackground">True if no query waits for the reply.</param>
internal sealed record RequestOrigin(string Caller, bool IsBackground)
{
    // The parentheses prevent a collision with a caller's identity.
    public static readonly RequestOrigin Anonymous = new("(anonymous)", IsBackground: false);

    /// <summary>The service itself: the queue directory and other background refreshes.</summary>
    public static readonly RequestOrigin Service = new("(service)", IsBackground: true);

    /// <summary>A diagnostic request. A failure is a valid result, so the request is not retried and does not affect the health of Genesys.</summary>
    public bool IsDiagnostic { get; init; }

    /// <summary>Limits the Genesys requests of one query; null if only the rate limiter applies.</summary>
    public CallBudget? Calls { get; init; }

    /// <summary>True if the request belongs to a job that reads many slices.</summary>
    public bool IsOfJob { get; init; }

    /// <summary>Canceled when a query starts to wait for the reply to a background request. The request then has the priority of a query.</summary>
    public CancellationToken Awaited { get; init; }

    /// <summary>Whether a query waits for the reply.</summary>
    public bool HasPriority => !IsBackground || Awaited.IsCancellationRequested;
}
