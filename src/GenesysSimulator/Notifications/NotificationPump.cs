using GenesysSimulator.Faults;
using GenesysSimulator.World;

namespace GenesysSimulator.Notifications;

/// <summary>
/// Sends heartbeats and due messages to the connected sockets, by default once a second as measured by the simulator's clock. Thread-safe.
/// </summary>
internal sealed class NotificationPump(SimulatedWorld world, SimulatorSettings settings, ActiveFaults faults, ChannelRegistry channels, TimeProvider clock) : IAsyncDisposable
{
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(30);

    private readonly QueueMessages _messages = new(world);
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private int _ticking;

    /// <summary>
    /// Remembers the current state of new topics, so that later changes are sent. Also sends the due messages of other topics, and starts the timer if a socket
    /// is connected.
    /// </summary>
    public void OnSubscriptionsChanged()
    {
        lock (_lock)
        {
            var connected = channels.Connected();
            Deliver(connected);
            if (connected.Count > 0)
            {
                _timer ??= clock.CreateTimer(_ => Tick(), null, settings.MessageInterval, settings.MessageInterval);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }
    }

    private void Tick()
    {
        // If the previous tick is still running, as on a slow machine, this tick is skipped. The next tick then sends the changes of both.
        if (Interlocked.Exchange(ref _ticking, 1) == 1)
        {
            return;
        }

        try
        {
            lock (_lock)
            {
                var connected = channels.Connected();
                Deliver(connected);
                foreach (var channel in connected)
                {
                    MaintainSocket(channel);
                }

                if (connected.Count == 0)
                {
                    _timer?.Dispose();
                    _timer = null;
                }
            }
        }
        finally
        {
            Volatile.Write(ref _ticking, 0);
        }
    }

    private void Deliver(IReadOnlyList<ConnectedChannel> connected)
    {
        var topics = connected.SelectMany(channel => channel.Topics).ToHashSet();
        foreach (var message in _messages.Due(clock.GetUtcNow(), topics))
        {
            foreach (var channel in connected.Where(channel => channel.Topics.Contains(message.Topic)))
            {
                foreach (var outgoing in MessageFaults.Apply(faults.Take(FaultMatcher.Message, message.Topic.Name), message.Bytes))
                {
                    channel.Socket.Send(outgoing);
                }
            }
        }
    }

    private void MaintainSocket(ConnectedChannel channel)
    {
        var now = clock.GetUtcNow();
        if (now >= channel.Socket.NextHeartbeat)
        {
            channel.Socket.NextHeartbeat = now + HeartbeatInterval;
            if (faults.Take(FaultMatcher.Heartbeat, channel.Id).Count == 0)
            {
                channel.Socket.Send(NotificationEnvelope.Heartbeat);
            }
        }

        foreach (var fault in faults.Take(FaultMatcher.Socket, channel.Id))
        {
            switch (fault.Name)
            {
                case FaultNames.SocketDropped:
                    channel.Socket.Drop();
                    break;
                case FaultNames.ExpiredChannel:
                    channels.Expire(channel.Id);
                    break;
                case FaultNames.SystemMessage:
                    channel.Socket.Send(NotificationEnvelope.OfSystem(fault.Value ?? "no_longer_subscribed", channel.Id));
                    break;
                case FaultNames.SocketClosing when channel.Socket.ClosesAt is null:
                    channel.Socket.Send(NotificationEnvelope.OfSystem("socket_closing", channel.Id));
                    channel.Socket.ClosesAt = now.AddSeconds(fault.Number(60));
                    break;
            }
        }

        if (now >= channel.Socket.ClosesAt)
        {
            channel.Socket.Close();
        }
    }
}
