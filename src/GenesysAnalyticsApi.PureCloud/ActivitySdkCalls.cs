using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.RealTime;
using PureCloudPlatform.Client.V2.Api;

namespace GenesysAnalyticsApi.PureCloud;

/// <summary>Requests the current state of queues with the official SDK. Replies are read below the SDK, as <see cref="GenesysSdkGateway"/> describes.</summary>
internal sealed class ActivitySdkCalls : IActivityCalls
{
    private readonly SdkTransport _transport;
    private readonly AnalyticsApi _analytics;

    public ActivitySdkCalls(GenesysApiClient api)
    {
        var configuration = SdkConfiguration.Create();
        _transport = new SdkTransport(api);
        configuration.ApiClient.HttpClient = _transport;
        _analytics = new AnalyticsApi(configuration);
    }

    public Task QueryConversationsAsync(GenesysCallContext call, ActivityQueryBody query, ActivityPaging page, CancellationToken cancellationToken)
    {
        var body = SdkActivityQuery.ConversationsOf(query);
        return _transport.InvokeAsync(
            call, () => _analytics.PostAnalyticsConversationsActivityQueryAsync(body, pageSize: page.PageSize, pageNumber: page.PageNumber), cancellationToken);
    }

    public Task QueryUsersAsync(GenesysCallContext call, ActivityQueryBody query, ActivityPaging page, CancellationToken cancellationToken)
    {
        var body = SdkActivityQuery.UsersOf(query);
        return _transport.InvokeAsync(
            call, () => _analytics.PostAnalyticsRoutingActivityQueryAsync(body, pageSize: page.PageSize, pageNumber: page.PageNumber), cancellationToken);
    }

    public Task QueryObservationsAsync(GenesysCallContext call, ObservationsQueryBody query, CancellationToken cancellationToken)
    {
        var body = SdkActivityQuery.ObservationsOf(query);
        return _transport.InvokeAsync(call, () => _analytics.PostAnalyticsQueuesObservationsQueryAsync(body), cancellationToken);
    }
}
