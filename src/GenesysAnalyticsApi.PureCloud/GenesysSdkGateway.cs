using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.AsyncQueries;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.RealTime;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;
using NodaTime;
using PureCloudPlatform.Client.V2.Api;

namespace GenesysAnalyticsApi.PureCloud;

/// <summary>
/// Builds Genesys requests with the official SDK. Everything else is the same as without the SDK (<see cref="SdkTransport"/>): token, rate limiter,
/// retries, deadline, cancellation, failures and parsing. Both clients therefore give the same results.
/// <code>
///   gateway → AnalyticsApi, RoutingApi, UsersApi → SdkTransport → GenesysApiClient → handlers → Genesys
///                                                                        │ a successful reply, within its attempt
///                            AggregatesReplyReader, ListReplyReader ←────┘
/// </code>
/// Pages of lists are parsed by <see cref="ListReplyReader{T}"/>, because the SDK's serializer fails a whole page for one invalid entry.
/// </summary>
internal sealed class GenesysSdkGateway : IGenesysGateway, IAsyncQueryCalls
{
    private readonly GenesysApiClient _api;
    private readonly AsyncQueryRunner _asyncQueries;
    private readonly SdkTransport _transport;
    private readonly AnalyticsApi _analytics;
    private readonly RoutingApi _routing;
    private readonly UsersApi _users;

    public GenesysSdkGateway(GenesysApiClient api, AsyncQueryRunner asyncQueries)
    {
        var configuration = SdkConfiguration.Create();
        (_api, _asyncQueries) = (api, asyncQueries);
        _transport = new SdkTransport(api);
        configuration.ApiClient.HttpClient = _transport;
        _analytics = new AnalyticsApi(configuration);
        _routing = new RoutingApi(configuration);
        _users = new UsersApi(configuration);
    }

    public bool IsBreakerClosed => _api.IsBreakerClosed;

    public async Task<AggregatesReply> QueryAggregatesAsync(AggregatesRequest request, CancellationToken cancellationToken)
    {
        var facts = AggregateFacts.Empty(request.Edges);
        var call = _api.CreateCall(
            request.Origin,
            GenesysPermissions.Aggregates,
            async (body, token) => facts = await AggregatesReplyReader.ReadAsync(body, request, token));

        var query = SdkQuery.Of(GenesysWire.CreateQuery(request));
        await _transport.InvokeAsync(call, () => _analytics.PostAnalyticsConversationsAggregatesQueryAsync(query), cancellationToken);
        return new AggregatesReply(facts, Instant.FromDateTimeOffset(call.SentAt), call.Attempts);
    }

    public Task<AggregatesReply> RunAsynchronousQueryAsync(AggregatesRequest request, CancellationToken cancellationToken) =>
        _asyncQueries.RunAsync(this, request, cancellationToken);

    Task IAsyncQueryCalls.SubmitAsync(GenesysCallContext call, AggregatesQueryBody query, CancellationToken cancellationToken)
    {
        var body = SdkQuery.AsyncOf(query);
        return _transport.InvokeAsync(call, () => _analytics.PostAnalyticsConversationsAggregatesJobsAsync(body), cancellationToken);
    }

    Task IAsyncQueryCalls.GetStatusAsync(GenesysCallContext call, string id, CancellationToken cancellationToken) =>
        _transport.InvokeAsync(call, () => _analytics.GetAnalyticsConversationsAggregatesJobAsync(jobId: id), cancellationToken);

    Task IAsyncQueryCalls.GetResultsAsync(GenesysCallContext call, string id, string? cursor, CancellationToken cancellationToken) =>
        _transport.InvokeAsync(call, () => _analytics.GetAnalyticsConversationsAggregatesJobResultsAsync(jobId: id, cursor: cursor), cancellationToken);

    Task IAsyncQueryCalls.DeleteAsync(GenesysCallContext call, string id, CancellationToken cancellationToken) =>
        _transport.InvokeAsync(call, () => _analytics.DeleteAnalyticsConversationsAggregatesJobAsync(jobId: id), cancellationToken);

    public Task<ListPage<GenesysQueue>> ListQueuesAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken) => ListAsync(
        ListReplies.Queues,
        GenesysPermissions.Queues,
        () => _routing.GetRoutingQueuesAsync(pageNumber: pageNumber, pageSize: GenesysWire.QueuesPerPage),
        pageNumber,
        origin,
        cancellationToken);

    public Task<ListPage<GenesysName>> ListUsersAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken) => ListAsync(
        ListReplies.Users,
        GenesysPermissions.Users,
        () => _users.GetUsersAsync(pageSize: GenesysWire.UsersPerPage, pageNumber: pageNumber, state: GenesysWire.UserState),
        pageNumber,
        origin,
        cancellationToken);

    public Task<ListPage<GenesysName>> ListWrapUpCodesAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken) => ListAsync(
        ListReplies.WrapUpCodes,
        GenesysPermissions.WrapUpCodes,
        () => _routing.GetRoutingWrapupcodesAsync(pageSize: GenesysWire.WrapUpCodesPerPage, pageNumber: pageNumber),
        pageNumber,
        origin,
        cancellationToken);

    private async Task<ListPage<T>> ListAsync<T>(
        ListReplyReader<T> reader, string permission, Func<Task> invoke, int pageNumber, RequestOrigin origin, CancellationToken cancellationToken)
        where T : class
    {
        ListPage<T>? page = null;
        var call = _api.CreateCall(origin, permission, async (body, token) => page = await reader.ReadAsync(body, pageNumber, token));

        await _transport.InvokeAsync(call, invoke, cancellationToken);
        return page! with { Calls = call.Attempts };
    }
}

internal static class GenesysSdkRegistration
{
    /// <summary>
    /// Registers the services that send Genesys requests with <c>Genesys:Client=Sdk</c>. They are created on first use, and therefore never if another client
    /// is configured.
    /// </summary>
    public static IServiceCollection AddGenesysSdk(this IServiceCollection services) => services
        .AddKeyedSingleton<IGenesysGateway, GenesysSdkGateway>(GenesysClient.Sdk)
        .AddKeyedSingleton<IDetailsCalls, DetailsSdkCalls>(GenesysClient.Sdk)
        .AddKeyedSingleton<IActivityCalls, ActivitySdkCalls>(GenesysClient.Sdk);
}
