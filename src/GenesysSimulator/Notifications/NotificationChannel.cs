namespace GenesysSimulator.Notifications;

/// <summary>A channel with its topics and, if connected, its socket. Access is synchronized by <see cref="ChannelRegistry"/>.</summary>
/// <param name="owner">The token with which the channel was created.</param>
internal sealed class NotificationChannel(string id, object owner)
{
    private readonly Dictionary<string, Topic> _topics = new(StringComparer.OrdinalIgnoreCase);

    public string Id => id;

    public object Owner => owner;

    public required DateTimeOffset Expires { get; set; }

    public required DateTimeOffset LastUsed { get; set; }

    public ChannelSocket? Socket { get; set; }

    public IEnumerable<Topic> Topics => _topics.Values;

    /// <summary>The queue topics of all subscribed topics.</summary>
    public HashSet<QueueTopic> Subscribed { get; private set; } = [];

    /// <returns>False if there are too many topics. In this case, the channel is unchanged.</returns>
    public bool Subscribe(IEnumerable<Topic> topics, bool replaces, int max)
    {
        var all = _topics.Values.Where(_ => !replaces).Concat(topics).DistinctBy(topic => topic.Id, StringComparer.OrdinalIgnoreCase).ToList();
        if (all.Sum(topic => topic.Count) > max)
        {
            return false;
        }

        _topics.Clear();
        foreach (var topic in all)
        {
            _topics.Add(topic.Id, topic);
        }

        Subscribed = [.. all.SelectMany(topic => topic.Parts)];
        return true;
    }
}

/// <summary>A channel that can receive messages.</summary>
internal sealed record ConnectedChannel(string Id, ChannelSocket Socket, IReadOnlySet<QueueTopic> Topics);
