using GenesysSimulator.Wire;

namespace GenesysSimulator.Notifications;

/// <summary>Maps the paths of the notification channels. Channels require no permission, but topics do.</summary>
internal sealed class NotificationRoutes(ChannelRegistry registry, ChannelsEndpoint channels)
{
    public const string Root = "/api/v2/notifications";
    public const string Channels = Root + "/channels";
    public const string Subscriptions = "/subscriptions";

    private const string AvailableTopics = Root + "/availabletopics";

    /// <param name="token">Identifies the token of the request.</param>
    /// <returns>Null for the path of another endpoint.</returns>
    public Reply? Handle(HttpRequest request, string path, ReadOnlyMemory<byte> body, IReadOnlyList<SimulatorFault> activeFaults, object token)
    {
        if (!path.StartsWith(Root, StringComparison.Ordinal))
        {
            return null;
        }

        switch (request.Method, path)
        {
            case ("GET", AvailableTopics):
                return AvailableTopicsEndpoint.List(request);
            case ("POST", Channels):
                return channels.Create(request, token);
            case ("GET", Channels):
                return channels.List(request, token);
            case (_, AvailableTopics or Channels):
                throw SimulatorRoutes.NotAllowed();
        }

        var isSubscriptions = path.EndsWith(Subscriptions, StringComparison.Ordinal);
        if (SimulatorRoutes.Segment(path, Channels + "/", isSubscriptions ? Subscriptions : "") is not { } id)
        {
            return null;
        }

        if (activeFaults.Any(fault => fault.Name == FaultNames.ExpiredChannel))
        {
            registry.Expire(id);
        }

        return (request.Method, isSubscriptions) switch
        {
            ("HEAD", false) => channels.Head(id),
            ("GET", true) => channels.Topics(id),
            ("DELETE", true) => channels.Clear(id),
            ("PUT" or "POST", true) => Subscribe(request, id, body, activeFaults),
            _ => throw SimulatorRoutes.NotAllowed(),
        };
    }

    private Reply Subscribe(HttpRequest request, string id, ReadOnlyMemory<byte> body, IReadOnlyList<SimulatorFault> activeFaults)
    {
        RequestBody.RequireJson(request);
        return channels.Subscribe(request, id, body, replaceTopics: request.Method == "PUT", activeFaults);
    }
}
