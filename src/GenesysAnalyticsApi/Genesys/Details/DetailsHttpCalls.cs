using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Pipeline;

namespace GenesysAnalyticsApi.Genesys.Details;

/// <summary>Sends the requests for conversation details with <see cref="HttpClient"/>, without the official SDK.</summary>
internal sealed class DetailsHttpCalls(GenesysApiClient api) : IDetailsCalls
{
    public Task QueryAsync(GenesysCallContext call, DetailsQueryBody query, CancellationToken cancellationToken) =>
        SendAsync(call, HttpMethod.Post, DetailsWire.QueryPath, DetailsWire.BodyOf(query), cancellationToken);

    public Task GetConversationAsync(GenesysCallContext call, string conversationId, CancellationToken cancellationToken) =>
        SendAsync(call, HttpMethod.Get, DetailsWire.ConversationPath(conversationId), null, cancellationToken);

    public Task GetConversationsAsync(GenesysCallContext call, ImmutableArray<string> conversationIds, CancellationToken cancellationToken) =>
        SendAsync(call, HttpMethod.Get, DetailsWire.DetailsByIdPath(conversationIds), null, cancellationToken);

    public Task GetJobAvailabilityAsync(GenesysCallContext call, CancellationToken cancellationToken) =>
        SendAsync(call, HttpMethod.Get, DetailsWire.AvailabilityPath, null, cancellationToken);

    public Task SubmitJobAsync(GenesysCallContext call, DetailsJobBody job, CancellationToken cancellationToken) =>
        SendAsync(call, HttpMethod.Post, DetailsWire.JobsPath, DetailsWire.BodyOf(job), cancellationToken);

    public Task GetJobStatusAsync(GenesysCallContext call, string jobId, CancellationToken cancellationToken) =>
        SendAsync(call, HttpMethod.Get, DetailsWire.JobPath(jobId), null, cancellationToken);

    public Task GetJobResultsAsync(GenesysCallContext call, string jobId, string? cursor, int pageSize, CancellationToken cancellationToken) =>
        SendAsync(call, HttpMethod.Get, DetailsWire.JobResultsPath(jobId, cursor, pageSize), null, cancellationToken);

    public Task DeleteJobAsync(GenesysCallContext call, string jobId, CancellationToken cancellationToken) =>
        SendAsync(call, HttpMethod.Delete, DetailsWire.JobPath(jobId), null, cancellationToken);

    private Task SendAsync(GenesysCallContext call, HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken) =>
        api.SendAsync(call, () => api.CreateRequest(method, path, body), cancellationToken);
}
