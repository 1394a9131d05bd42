using System.Globalization;
using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Notifications;

/// <summary>The channels of the organization's only client. Thread-safe.</summary>
internal sealed class ChannelRegistry(SimulatorSettings settings, TimeProvider clock)
{
    private readonly List<NotificationChannel> _channels = [];
    private readonly Lock _lock = new();
    private ulong _created;

    /// <summary>
    /// Creates a channel. If there are already too many channels, the new channel replaces the least recently used channel without a socket. If all channels
    /// have sockets, it replaces the least recently used channel.
    /// </summary>
    public (string Id, DateTimeOffset Expires) Create(object owner)
    {
        lock (_lock)
        {
            RemoveExpired();
            if (_channels.Count >= settings.MaxChannels)
            {
                Remove(_channels.OrderBy(channel => channel.Socket is not null).ThenBy(channel => channel.LastUsed).First());
            }

            var now = clock.GetUtcNow();
            var random = new SeededRandom(SeededRandom.Mix((ulong)settings.Seed ^ 0x6368616E, ++_created));
            var id = string.Create(CultureInfo.InvariantCulture, $"streaming-0-{random.Next():x16}{random.Next():x16}");
            _channels.Add(new(id, owner) { Expires = now + settings.ChannelLife, LastUsed = now });
            return (id, now + settings.ChannelLife);
        }
    }

    /// <summary>Returns the id, the expiry and the owner of each channel, the oldest channel first.</summary>
    public IReadOnlyList<(string Id, DateTimeOffset Expires, object Owner)> All()
    {
        lock (_lock)
        {
            RemoveExpired();
            return [.. _channels.Select(channel => (channel.Id, channel.Expires, channel.Owner))];
        }
    }

    public bool Exists(string id)
    {
        lock (_lock)
        {
            return Find(id) is not null;
        }
    }

    public IReadOnlyList<string> TopicsOf(string id)
    {
        lock (_lock)
        {
            return [.. Required(id).Topics.Select(topic => topic.Id)];
        }
    }

    /// <summary>Sets or adds topics, and extends the lifetime of the channel.</summary>
    public IReadOnlyList<string> Subscribe(string id, IEnumerable<Topic> topics, bool replaceTopics)
    {
        lock (_lock)
        {
            var channel = Required(id);
            if (!channel.Subscribe(topics, replaceTopics, settings.MaxTopics))
            {
                throw ApiException.BadRequest(string.Create(
                    CultureInfo.InvariantCulture, $"A channel must not have more than {settings.MaxTopics} topics."));
            }

            channel.LastUsed = clock.GetUtcNow();
            channel.Expires = channel.LastUsed + settings.ChannelLife;
            return [.. channel.Topics.Select(topic => topic.Id)];
        }
    }

    /// <summary>Connects a socket, and closes the socket that was connected before.</summary>
    /// <returns>False if the channel does not exist.</returns>
    public bool Connect(string id, ChannelSocket socket)
    {
        lock (_lock)
        {
            if (Find(id) is not { } channel)
            {
                return false;
            }

            channel.Socket?.Close();
            (channel.Socket, channel.LastUsed) = (socket, clock.GetUtcNow());
            return true;
        }
    }

    public void Disconnect(string id, ChannelSocket socket)
    {
        lock (_lock)
        {
            if (_channels.Find(channel => channel.Id == id) is { } channel && ReferenceEquals(channel.Socket, socket))
            {
                (channel.Socket, channel.LastUsed) = (null, clock.GetUtcNow());
            }
        }
    }

    /// <summary>Ends a channel as if it had expired.</summary>
    public void Expire(string id)
    {
        lock (_lock)
        {
            if (_channels.Find(channel => channel.Id == id) is { } channel)
            {
                Remove(channel);
            }
        }
    }

    public IReadOnlyList<ConnectedChannel> Connected()
    {
        lock (_lock)
        {
            RemoveExpired();
            return [.. _channels.Where(channel => channel.Socket is not null).Select(channel => new ConnectedChannel(channel.Id, channel.Socket!, channel.Subscribed))];
        }
    }

    private NotificationChannel Required(string id) => Find(id) ?? throw ApiException.NotFound();

    private NotificationChannel? Find(string id)
    {
        RemoveExpired();
        return _channels.Find(channel => channel.Id == id);
    }

    private void RemoveExpired()
    {
        var now = clock.GetUtcNow();
        foreach (var expired in _channels.Where(channel => channel.Expires <= now).ToList())
        {
            Remove(expired);
        }
    }

    private void Remove(NotificationChannel channel)
    {
        _channels.Remove(channel);
        channel.Socket?.Close();
    }
}
