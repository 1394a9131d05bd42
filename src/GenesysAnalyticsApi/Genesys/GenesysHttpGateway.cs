using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Genesys.Pipeline;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// Talks to Genesys over plain HTTP and parses each reply while it arrives. <c>Calls</c> counts API attempts only: logins have a separate
/// limit.
/// </summary>
internal sealed class GenesysHttpGateway(GenesysApiClient api) : IGenesysGateway
{
    public bool IsBreakerClosed => api.IsBreakerClosed;

    public async Task<AggregatesReply> QueryAggregatesAsync(AggregatesRequest request, CancellationToken cancellationToken)
    {
        var facts = AggregateFacts.Empty(request.Edges);
        var call = api.CreateCall(
            request.Origin,
            GenesysWire.AggregatesPermission,
            async (body, token) => facts = await AggregatesReplyReader.ReadAsync(body, request, token));

        await api.SendAsync(call, () => api.CreateRequest(HttpMethod.Post, GenesysWire.AggregatesPath, GenesysWire.BodyOf(request)), cancellationToken);
        return new AggregatesReply(facts, Instant.FromDateTimeOffset(call.SentAt), call.Attempts);
    }

    public async Task<QueuePage> ListQueuesAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken)
    {
        QueuePage? page = null;
        var call = api.CreateCall(
            origin,
            GenesysWire.QueuesPermission,
            async (body, token) => page = await QueuesReplyReader.ReadAsync(body, pageNumber, token));

        await api.SendAsync(call, () => api.CreateRequest(HttpMethod.Get, GenesysWire.QueuesPath(pageNumber)), cancellationToken);
        return page! with { Calls = call.Attempts };
    }
}
