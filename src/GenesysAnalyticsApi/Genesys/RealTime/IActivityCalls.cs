using GenesysAnalyticsApi.Genesys.Pipeline;

namespace GenesysAnalyticsApi.Genesys.RealTime;

/// <summary>
/// The requests for the current state of queues. Each client builds the requests in its own way. The call context reads the replies, so both clients share
/// everything else (<see cref="ActivityGateway"/>).
/// </summary>
internal interface IActivityCalls
{
    Task QueryConversationsAsync(GenesysCallContext call, ActivityQueryBody query, ActivityPaging page, CancellationToken cancellationToken);

    Task QueryUsersAsync(GenesysCallContext call, ActivityQueryBody query, ActivityPaging page, CancellationToken cancellationToken);

    Task QueryObservationsAsync(GenesysCallContext call, ObservationsQueryBody query, CancellationToken cancellationToken);
}

/// <summary>The requests for the current state of queues over plain HTTP.</summary>
internal sealed class ActivityHttpCalls(GenesysApiClient api) : IActivityCalls
{
    public Task QueryConversationsAsync(GenesysCallContext call, ActivityQueryBody query, ActivityPaging page, CancellationToken cancellationToken) =>
        SendAsync(call, ActivityWire.PageOf(ActivityWire.ConversationsPath, page), ActivityWire.BodyOf(query), cancellationToken);

    public Task QueryUsersAsync(GenesysCallContext call, ActivityQueryBody query, ActivityPaging page, CancellationToken cancellationToken) =>
        SendAsync(call, ActivityWire.PageOf(ActivityWire.UsersPath, page), ActivityWire.BodyOf(query), cancellationToken);

    public Task QueryObservationsAsync(GenesysCallContext call, ObservationsQueryBody query, CancellationToken cancellationToken) =>
        SendAsync(call, ActivityWire.ObservationsPath, ActivityWire.BodyOf(query), cancellationToken);

    private Task SendAsync(GenesysCallContext call, string path, byte[] body, CancellationToken cancellationToken) =>
        api.SendAsync(call, () => api.CreateRequest(HttpMethod.Post, path, body), cancellationToken);
}
