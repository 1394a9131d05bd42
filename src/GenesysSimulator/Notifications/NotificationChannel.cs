namespace GenesysSimulator.Notifications;

/// <summary>A channel with its topics and, if a client is connected, its socket. <see cref="ChannelRegistry"/> synchronizes the access.</summary>
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

    /// <returns>False if the channel would have too many topics. The channel is then unchanged.</returns>
    public bool Subscribe(IEnumerable<Topic> topics, bool replaceTopics, int max)
    {
        var all = _topics.Values.Where(_ => !replaceTopics).Concat(topics).DistinctBy(topic => topic.Id, StringComparer.OrdinalIgnoreCase).ToList();
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

/// <summary>A channel with a connected socket, which can therefore receive messages.</summary>
internal sealed record ConnectedChannel(string Id, ChannelSocket Socket, IReadOnlySet<QueueTopic> Topics);
