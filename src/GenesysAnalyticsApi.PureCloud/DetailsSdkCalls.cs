using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Pipeline;
using PureCloudPlatform.Client.V2.Api;

namespace GenesysAnalyticsApi.PureCloud;

/// <summary>Requests conversation details with the official SDK. Replies are read below the SDK, as <see cref="GenesysSdkGateway"/> describes.</summary>
internal sealed class DetailsSdkCalls : IDetailsCalls
{
    private readonly SdkTransport _transport;
    private readonly AnalyticsApi _analytics;

    public DetailsSdkCalls(GenesysApiClient api)
    {
        var configuration = SdkConfiguration.Create();
        _transport = new SdkTransport(api);
        configuration.ApiClient.HttpClient = _transport;
        _analytics = new AnalyticsApi(configuration);
    }

    public Task QueryAsync(GenesysCallContext call, DetailsQueryBody query, CancellationToken cancellationToken)
    {
        var body = SdkDetailsQuery.Of(query);
        return _transport.InvokeAsync(call, () => _analytics.PostAnalyticsConversationsDetailsQueryAsync(body), cancellationToken);
    }

    public Task GetAsync(GenesysCallContext call, string conversationId, CancellationToken cancellationToken) =>
        _transport.InvokeAsync(call, () => _analytics.GetAnalyticsConversationDetailsAsync(conversationId: conversationId), cancellationToken);

    // Genesys accepts one comma-separated list. The ids are passed as one item, so the list does not depend on how the SDK writes several items.
    public Task GetSeveralAsync(GenesysCallContext call, ImmutableArray<string> conversationIds, CancellationToken cancellationToken) =>
        _transport.InvokeAsync(call, () => _analytics.GetAnalyticsConversationsDetailsAsync(id: [string.Join(',', conversationIds)]), cancellationToken);

    public Task GetAvailabilityAsync(GenesysCallContext call, CancellationToken cancellationToken) =>
        _transport.InvokeAsync(call, () => _analytics.GetAnalyticsConversationsDetailsJobsAvailabilityAsync(), cancellationToken);

    public Task SubmitAsync(GenesysCallContext call, DetailsJobBody job, CancellationToken cancellationToken)
    {
        var body = SdkDetailsQuery.AsyncOf(job);
        return _transport.InvokeAsync(call, () => _analytics.PostAnalyticsConversationsDetailsJobsAsync(body), cancellationToken);
    }

    public Task GetStatusAsync(GenesysCallContext call, string id, CancellationToken cancellationToken) =>
        _transport.InvokeAsync(call, () => _analytics.GetAnalyticsConversationsDetailsJobAsync(jobId: id), cancellationToken);

    public Task GetResultsAsync(GenesysCallContext call, string id, string? cursor, int pageSize, CancellationToken cancellationToken) => _transport.InvokeAsync(
        call, () => _analytics.GetAnalyticsConversationsDetailsJobResultsAsync(jobId: id, cursor: cursor, pageSize: pageSize), cancellationToken);

    public Task DeleteAsync(GenesysCallContext call, string id, CancellationToken cancellationToken) =>
        _transport.InvokeAsync(call, () => _analytics.DeleteAnalyticsConversationsDetailsJobAsync(jobId: id), cancellationToken);
}
