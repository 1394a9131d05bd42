using GenesysSimulator.Wire;

namespace GenesysSimulator.Notifications;

/// <summary>
/// Serves GET /channels/{id}, the connectUri of a channel. This address is the only credential: every client that knows it can read the messages.
/// </summary>
internal sealed class NotificationSockets(ChannelRegistry channels, NotificationPump pump, ActiveFaults faults, CallRecorder recorder, TimeProvider clock)
{
    public const string Path = "/channels/";

    public static bool Accepts(HttpContext context) => context.Request.Path.StartsWithSegments("/channels", StringComparison.Ordinal);

    public async Task HandleAsync(HttpContext context)
    {
        var id = SimulatorRoutes.Segment(context.Request.Path.Value!, Path, "") ?? "";
        var status = !channels.Exists(id) ? 404 : context.WebSockets.IsWebSocketRequest ? 101 : 400;
        if (faults.Take(Faults.FaultMatcher.Connection, id).FirstOrDefault() is { } refused)
        {
            status = Faults.FaultValue.Number(refused, 503);
        }

        recorder.Add(new(clock.GetUtcNow(), context.Request.Method, context.Request.Path, "", CallRecorder.HeadersOf(context.Request)) { Status = status });
        if (status != 101)
        {
            context.Response.StatusCode = status;
            return;
        }

        using var accepted = await context.WebSockets.AcceptWebSocketAsync();
        var socket = new ChannelSocket(accepted) { NextHeartbeat = clock.GetUtcNow() + NotificationPump.HeartbeatInterval };
        if (!channels.Connect(id, socket))
        {
            return;
        }

        pump.OnSubscriptionsChanged();
        await socket.RunAsync(() => SendPong(id, socket), context.RequestAborted);
        channels.Disconnect(id, socket);
    }

    private void SendPong(string id, ChannelSocket socket)
    {
        if (faults.Take(Faults.FaultMatcher.Ping, id).Count == 0)
        {
            socket.Send(NotificationEnvelope.Pong);
        }
    }
}
