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

    public Task GetConversationAsync(GenesysCallContext call, string conversationId, CancellationToken cancellationToken) =>
        _transport.InvokeAsync(call, () => _analytics.GetAnalyticsConversationDetailsAsync(conversationId: conversationId), cancellationToken);

    // Genesys accepts one comma-separated list. The ids are passed as one item, so the list does not depend on how the SDK writes several items.
    public Task GetConversationsAsync(GenesysCallContext call, ImmutableArray<string> conversationIds, CancellationToken cancellationToken) =>
        _transport.InvokeAsync(call, () => _analytics.GetAnalyticsConversationsDetailsAsync(id: [string.Join(',', conversationIds)]), cancellationToken);

    public Task GetJobAvailabilityAsync(GenesysCallContext call, CancellationToken cancellationToken) =>
        _transport.InvokeAsync(call, () => _analytics.GetAnalyticsConversationsDetailsJobsAvailabilityAsync(), cancellationToken);

    public Task SubmitJobAsync(GenesysCallContext call, DetailsJobBody job, CancellationToken cancellationToken)
    {
        var body = SdkDetailsQuery.AsyncOf(job);
        return _transport.InvokeAsync(call, () => _analytics.PostAnalyticsConversationsDetailsJobsAsync(body), cancellationToken);
    }

    public Task GetJobStatusAsync(GenesysCallContext call, string jobId, CancellationToken cancellationToken) =>
        _transport.InvokeAsync(call, () => _analytics.GetAnalyticsConversationsDetailsJobAsync(jobId: jobId), cancellationToken);

    public Task GetJobResultsAsync(GenesysCallContext call, string jobId, string? cursor, int pageSize, CancellationToken cancellationToken) => _transport.InvokeAsync(
        call, () => _analytics.GetAnalyticsConversationsDetailsJobResultsAsync(jobId: jobId, cursor: cursor, pageSize: pageSize), cancellationToken);

    public Task DeleteJobAsync(GenesysCallContext call, string jobId, CancellationToken cancellationToken) =>
        _transport.InvokeAsync(call, () => _analytics.DeleteAnalyticsConversationsDetailsJobAsync(jobId: jobId), cancellationToken);
}
