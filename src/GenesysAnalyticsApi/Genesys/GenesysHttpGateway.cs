using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.AsyncQueries;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// Sends the requests for figures and lists to Genesys with <see cref="HttpClient"/>, without the official SDK, and returns the parsed replies. The
/// <c>Calls</c> of a reply counts the attempts of API requests. Logins are not included, because Genesys limits them separately.
/// </summary>
internal sealed class GenesysHttpGateway(GenesysApiClient api, AsyncQueryRunner asyncQueries) : IGenesysGateway, IAsyncQueryCalls
{
    public bool IsBreakerClosed => api.IsBreakerClosed;

    public async Task<AggregatesReply> QueryAggregatesAsync(AggregatesRequest request, CancellationToken cancellationToken)
    {
        var facts = AggregateFacts.Empty(request.Edges);
        var call = api.CreateCall(
            request.Origin,
            GenesysPermissions.Aggregates,
            async (body, token) => facts = await AggregatesReplyReader.ReadAsync(body, request, token));

        await api.SendAsync(call, () => api.CreateRequest(HttpMethod.Post, GenesysWire.AggregatesPath, GenesysWire.BodyOf(request)), cancellationToken);
        return new AggregatesReply(facts, Instant.FromDateTimeOffset(call.SentAt), call.Attempts);
    }

    public Task<AggregatesReply> RunAsynchronousQueryAsync(AggregatesRequest request, CancellationToken cancellationToken) =>
        asyncQueries.RunAsync(this, request, cancellationToken);

    Task IAsyncQueryCalls.SubmitAsync(GenesysCallContext call, AggregatesQueryBody query, CancellationToken cancellationToken) =>
        api.SendAsync(call, () => api.CreateRequest(HttpMethod.Post, GenesysWire.AsyncAggregatesPath, GenesysWire.BodyOf(query)), cancellationToken);

    Task IAsyncQueryCalls.GetStatusAsync(GenesysCallContext call, string id, CancellationToken cancellationToken) =>
        api.SendAsync(call, () => api.CreateRequest(HttpMethod.Get, GenesysWire.AsyncQueryPath(id)), cancellationToken);

    Task IAsyncQueryCalls.GetResultsAsync(GenesysCallContext call, string id, string? cursor, CancellationToken cancellationToken) =>
        api.SendAsync(call, () => api.CreateRequest(HttpMethod.Get, GenesysWire.AsyncResultsPath(id, cursor)), cancellationToken);

    Task IAsyncQueryCalls.DeleteAsync(GenesysCallContext call, string id, CancellationToken cancellationToken) =>
        api.SendAsync(call, () => api.CreateRequest(HttpMethod.Delete, GenesysWire.AsyncQueryPath(id)), cancellationToken);

    public Task<ListPage<GenesysQueue>> ListQueuesAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken) =>
        ListAsync(ListReplies.Queues, GenesysPermissions.Queues, GenesysWire.QueuesPath(pageNumber), pageNumber, origin, cancellationToken);

    public Task<ListPage<GenesysName>> ListUsersAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken) =>
        ListAsync(ListReplies.Users, GenesysPermissions.Users, GenesysWire.UsersPath(pageNumber), pageNumber, origin, cancellationToken);

    public Task<ListPage<GenesysName>> ListWrapUpCodesAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken) =>
        ListAsync(ListReplies.WrapUpCodes, GenesysPermissions.WrapUpCodes, GenesysWire.WrapUpCodesPath(pageNumber), pageNumber, origin, cancellationToken);

    private async Task<ListPage<T>> ListAsync<T>(
        ListReplyReader<T> reader, string permission, string path, int pageNumber, RequestOrigin origin, CancellationToken cancellationToken)
        where T : class
    {
        ListPage<T>? page = null;
        var call = api.CreateCall(origin, permission, async (body, token) => page = await reader.ReadAsync(body, pageNumber, token));

        await api.SendAsync(call, () => api.CreateRequest(HttpMethod.Get, path), cancellationToken);
        return page! with { Calls = call.Attempts };
    }
}
