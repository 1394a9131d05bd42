using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Pipeline;

namespace GenesysAnalyticsApi.Genesys.Details;

/// <summary>The requests for conversation details over plain HTTP.</summary>
internal sealed class DetailsHttpCalls(GenesysApiClient api) : IDetailsCalls
{
    public Task QueryAsync(GenesysCallContext call, DetailsQueryBody query, CancellationToken cancellationToken) =>
        SendAsync(call, HttpMethod.Post, DetailsWire.QueryPath, DetailsWire.BodyOf(query), cancellationToken);

    public Task GetAsync(GenesysCallContext call, string conversationId, CancellationToken cancellationToken) =>
        SendAsync(call, HttpMethod.Get, DetailsWire.DetailPath(conversationId), null, cancellationToken);

    public Task GetSeveralAsync(GenesysCallContext call, ImmutableArray<string> conversationIds, CancellationToken cancellationToken) =>
        SendAsync(call, HttpMethod.Get, DetailsWire.DetailsByIdPath(conversationIds), null, cancellationToken);

    public Task GetAvailabilityAsync(GenesysCallContext call, CancellationToken cancellationToken) =>
        SendAsync(call, HttpMethod.Get, DetailsWire.AvailabilityPath, null, cancellationToken);

    public Task SubmitAsync(GenesysCallContext call, DetailsJobBody job, CancellationToken cancellationToken) =>
        SendAsync(call, HttpMethod.Post, DetailsWire.JobsPath, DetailsWire.BodyOf(job), cancellationToken);

    public Task GetStatusAsync(GenesysCallContext call, string id, CancellationToken cancellationToken) =>
        SendAsync(call, HttpMethod.Get, DetailsWire.JobPath(id), null, cancellationToken);

    public Task GetResultsAsync(GenesysCallContext call, string id, string? cursor, int pageSize, CancellationToken cancellationToken) =>
        SendAsync(call, HttpMethod.Get, DetailsWire.JobResultsPath(id, cursor, pageSize), null, cancellationToken);

    public Task DeleteAsync(GenesysCallContext call, string id, CancellationToken cancellationToken) =>
        SendAsync(call, HttpMethod.Delete, DetailsWire.JobPath(id), null, cancellationToken);

    private Task SendAsync(GenesysCallContext call, HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken) =>
        api.SendAsync(call, () => api.CreateRequest(method, path, body), cancellationToken);
}
