using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.AsyncQueries;

/// <summary>
/// The four requests of an asynchronous query for figures. Each gateway builds the requests in its own way. The call context reads the replies, so both
/// gateways share everything else (<see cref="AsyncQueryRunner"/>).
/// </summary>
internal interface IAsyncQueryCalls
{
    Task SubmitAsync(GenesysCallContext call, AggregatesQueryBody query, CancellationToken cancellationToken);

    Task GetStatusAsync(GenesysCallContext call, string id, CancellationToken cancellationToken);

    /// <param name="cursor">The cursor that the previous page returned; null for the first page.</param>
    Task GetResultsAsync(GenesysCallContext call, string id, string? cursor, CancellationToken cancellationToken);

    Task DeleteAsync(GenesysCallContext call, string id, CancellationToken cancellationToken);
}
