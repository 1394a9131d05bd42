using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Genesys.Pipeline;
using NodaTime;
using PureCloudPlatform.Client.V2.Api;

namespace GenesysAnalyticsApi.PureCloud;

/// <summary>
/// Genesys by the official SDK: it words the request. Everything else is ours, the same as over plain HTTP (<see cref="SdkTransport"/>):
/// token, budget, retries, deadline, cancellation, failures, and the reading of the answer, so that both clients give the same figures.
/// <code>
///   gateway → AnalyticsApi, RoutingApi → SdkTransport → GenesysSending → handlers → wire
///                                                            │ a successful answer, within its attempt
///                AggregateFactsReader, QueueListingReader ←──┘
/// </code>
/// Queue pages are read by the service's own reader: the SDK's serializer fails a whole page for one odd entry.
/// </summary>
internal sealed class GenesysSdkGateway : IGenesysGateway
{
    private readonly GenesysApiClient _sending;
    private readonly SdkTransport _transport;
    private readonly AnalyticsApi _analytics;
    private readonly RoutingApi _routing;

    public GenesysSdkGateway(GenesysApiClient sending)
    {
        var configuration = SdkConfiguration.Create();
        _sending = sending;
        _transport = new SdkTransport(sending);
        configuration.ApiClient.HttpClient = _transport;
        _analytics = new AnalyticsApi(configuration);
        _routing = new RoutingApi(configuration);
    }

    public bool IsBreakerClosed => _sending.IsBreakerClosed;

    public async Task<AggregatesReply> QueryAggregatesAsync(AggregatesRequest question, CancellationToken cancellationToken)
    {
        var facts = AggregateFacts.Empty(question.Edges);
        var call = _sending.Call(
            question.Asker,
            GenesysWire.AggregatesPermission,
            async (body, token) => facts = await AggregatesReplyReader.ReadAsync(body, question.Edges, token));

        var query = SdkQuery.Of(GenesysWire.QueryOf(question));
        await _transport.CarryAsync(call, () => _analytics.PostAnalyticsConversationsAggregatesQueryAsync(query), cancellationToken);
        return new AggregatesReply(facts, Instant.FromDateTimeOffset(call.SentAt), call.Attempts);
    }

    public async Task<QueuePage> ListQueuesAsync(int pageNumber, RequestOrigin asker, CancellationToken cancellationToken)
    {
        QueuePage? page = null;
        var call = _sending.Call(
            asker,
            GenesysWire.QueuesPermission,
            async (body, token) => page = await QueuesReplyReader.ReadAsync(body, pageNumber, token));

        await _transport.CarryAsync(
            call, () => _routing.GetRoutingQueuesAsync(pageNumber: pageNumber, pageSize: GenesysWire.QueuesPerPage), cancellationToken);
        return page! with { Calls = call.Attempts };
    }
}

internal static class GenesysSdkRegistration
{
    /// <summary>The client that <c>Genesys:Client=Sdk</c> chooses. Made when it is first asked for, so not at all where it is not chosen.</summary>
    public static IServiceCollection AddGenesysSdk(this IServiceCollection services) =>
        services.AddKeyedSingleton<IGenesysGateway, GenesysSdkGateway>(GenesysClient.Sdk);
}
