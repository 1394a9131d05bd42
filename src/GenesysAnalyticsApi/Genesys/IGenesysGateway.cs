using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// The requests for figures and lists that this service sends to Genesys Cloud. Every method throws <see cref="GenesysException"/> with one of a closed set of
/// failures, and <see cref="OperationCanceledException"/> only if the caller's token was canceled.
/// </summary>
internal interface IGenesysGateway
{
    /// <summary>Queries conversation aggregates per queue × media type × bucket, and per requested dimension, in one request.</summary>
    Task<AggregatesReply> QueryAggregatesAsync(AggregatesRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Runs the same query asynchronously: submits it, waits until Genesys has computed it (seconds to minutes, up to <c>Genesys:AsyncQueryTimeout</c>),
    /// reads all pages, and starts to delete the query. Genesys limits the size of each page, but not the total size of all pages. The facts are the
    /// same as in a single reply.
    /// </summary>
    Task<AggregatesReply> RunAsynchronousQueryAsync(AggregatesRequest request, CancellationToken cancellationToken);

    /// <summary>False while the circuit breaker is open or half-open. During this time, splitting a request that timed out would not help.</summary>
    bool IsBreakerClosed { get; }

    /// <summary>Reads one page of the queue list (1-based).</summary>
    Task<ListPage<GenesysQueue>> ListQueuesAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken);

    /// <summary>Reads one page of the user list (1-based), including inactive and deleted users, because past figures contain their ids.</summary>
    Task<ListPage<GenesysName>> ListUsersAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken);

    /// <summary>Reads one page of the list of wrap-up codes (1-based).</summary>
    Task<ListPage<GenesysName>> ListWrapUpCodesAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken);
}
