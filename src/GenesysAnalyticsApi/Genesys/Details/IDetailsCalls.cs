using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Pipeline;

namespace GenesysAnalyticsApi.Genesys.Details;

/// <summary>
/// The requests for conversation details. There are two implementations, one with <see cref="HttpClient"/> and one with the official SDK. They differ only in
/// how they build the requests. The methods return no reply: the call context passes the reply to the reader that its creator supplied
/// (<see cref="ConversationDetailsGateway"/>).
/// </summary>
internal interface IDetailsCalls
{
    Task QueryAsync(GenesysCallContext call, DetailsQueryBody query, CancellationToken cancellationToken);

    Task GetConversationAsync(GenesysCallContext call, string conversationId, CancellationToken cancellationToken);

    Task GetConversationsAsync(GenesysCallContext call, ImmutableArray<string> conversationIds, CancellationToken cancellationToken);

    Task GetJobAvailabilityAsync(GenesysCallContext call, CancellationToken cancellationToken);

    Task SubmitJobAsync(GenesysCallContext call, DetailsJobBody job, CancellationToken cancellationToken);

    Task GetJobStatusAsync(GenesysCallContext call, string jobId, CancellationToken cancellationToken);

    /// <param name="cursor">The cursor that the previous page returned; null for the first page.</param>
    Task GetJobResultsAsync(GenesysCallContext call, string jobId, string? cursor, int pageSize, CancellationToken cancellationToken);

    Task DeleteJobAsync(GenesysCallContext call, string jobId, CancellationToken cancellationToken);
}
