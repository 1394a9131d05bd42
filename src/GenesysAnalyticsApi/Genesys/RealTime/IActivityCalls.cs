using GenesysAnalyticsApi.Genesys.Pipeline;

namespace GenesysAnalyticsApi.Genesys.RealTime;

/// <summary>
/// The requests for the current state of queues. There are two implementations, one with <see cref="HttpClient"/> and one with the official SDK. They differ
/// only in how they build the requests. The methods return no reply: the call context passes the reply to the reader that its creator supplied
/// (<see cref="ActivityGateway"/>).
/// </summary>
internal interface IActivityCalls
{
    Task QueryConversationsAsync(GenesysCallContext call, ActivityQueryBody query, ActivityPaging page, CancellationToken cancellationToken);

    Task QueryUsersAsync(GenesysCallContext call, ActivityQueryBody query, ActivityPaging page, CancellationToken cancellationToken);

    Task QueryObservationsAsync(GenesysCallContext call, ObservationsQueryBody query, CancellationToken cancellationToken);
}

/// <summary>Sends the requests for the current state of queues with <see cref="HttpClient"/>, without the official SDK.</summary>
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
