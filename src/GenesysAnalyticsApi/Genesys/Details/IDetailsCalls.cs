using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Pipeline;

namespace GenesysAnalyticsApi.Genesys.Details;

/// <summary>
/// The requests for conversation details. Each client builds the requests in its own way. The call context passes each reply to its reader, so both clients share
/// everything else (<see cref="ConversationDetailsGateway"/>).
/// </summary>
internal interface IDetailsCalls
{
    Task QueryAsync(GenesysCallContext call, DetailsQueryBody query, CancellationToken cancellationToken);

    Task GetAsync(GenesysCallContext call, string conversationId, CancellationToken cancellationToken);

    Task GetSeveralAsync(GenesysCallContext call, ImmutableArray<string> conversationIds, CancellationToken cancellationToken);

    Task GetAvailabilityAsync(GenesysCallContext call, CancellationToken cancellationToken);

    Task SubmitAsync(GenesysCallContext call, DetailsJobBody job, CancellationToken cancellationToken);

    Task GetStatusAsync(GenesysCallContext call, string jobId, CancellationToken cancellationToken);

    /// <param name="cursor">The cursor that the previous page returned; null for the first page.</param>
    Task GetResultsAsync(GenesysCallContext call, string jobId, string? cursor, int pageSize, CancellationToken cancellationToken);

    Task DeleteAsync(GenesysCallContext call, string jobId, CancellationToken cancellationToken);
}
