using GenesysSimulator.Wire;

namespace GenesysSimulator.RealTime;

/// <summary>Maps the paths of the real-time queries.</summary>
internal sealed class RealTimeRoutes(ConversationActivityEndpoint conversations, RoutingActivityEndpoint routing, ObservationsEndpoint observations)
{
    public const string Conversations = "/api/v2/analytics/conversations/activity";
    public const string Routing = "/api/v2/analytics/routing/activity";
    public const string Observations = "/api/v2/analytics/queues/observations";

    private const string Query = "/query";

    /// <summary>Handles a request. Returns null if the path belongs to another endpoint.</summary>
    public Reply? Handle(HttpRequest request, string path, ReadOnlyMemory<byte> body)
    {
        Func<Reply>? handler = path switch
        {
            Conversations + Query => () => conversations.Query(body, request.Query),
            Routing + Query => () => routing.Query(body, request.Query),
            Observations + Query => () => observations.Query(body),
            _ => null,
        };
        if (handler is null)
        {
            return null;
        }

        if (request.Method != "POST")
        {
            throw SimulatorRoutes.NotAllowed();
        }

        RequestBody.RequireJson(request);
        return handler();
    }
}
