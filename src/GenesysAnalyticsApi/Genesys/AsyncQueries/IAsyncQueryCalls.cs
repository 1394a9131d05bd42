using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.AsyncQueries;

/// <summary>
/// The four requests of an asynchronous query for figures. There are two implementations, one with <see cref="HttpClient"/> and one with the official SDK. They
/// differ only in how they build the requests. The methods return no reply: the call context passes the reply to the reader that its creator supplied
/// (<see cref="AsyncQueryRunner"/>).
/// </summary>
internal interface IAsyncQueryCalls
{
    Task SubmitAsync(GenesysCallContext call, AggregatesQueryBody query, CancellationToken cancellationToken);

    Task GetStatusAsync(GenesysCallContext call, string id, CancellationToken cancellationToken);

    /// <param name="cursor">The cursor that the previous page returned; null for the first page.</param>
    Task GetResultsAsync(GenesysCallContext call, string id, string? cursor, CancellationToken cancellationToken);

    Task DeleteAsync(GenesysCallContext call, string id, CancellationToken cancellationToken);
}
