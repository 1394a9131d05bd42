using System.Diagnostics.CodeAnalysis;

namespace GenesysSimulator.Notifications;

/// <summary>The content of the messages of a queue topic.</summary>
internal enum TopicKind
{
    Activity,
    Observations,
}

/// <summary>One topic of a queue, as its messages name it.</summary>
internal readonly record struct QueueTopic(string QueueId, TopicKind Kind)
{
    public string Name => $"{Topic.QueuePrefix}{QueueId}.{(Kind == TopicKind.Activity ? Topic.Activity : Topic.Observations)}";
}

/// <summary>
/// A subscribed topic: <c>v2.analytics.queues.{id}.activity</c>, <c>v2.analytics.queues.{id}.observations</c>, the combined topic
/// <c>v2.analytics.queues.{id}?activity&amp;observations</c>, or a system topic. Messages of system topics are sent even without a subscription.
/// </summary>
internal sealed record Topic(string Id, IReadOnlyList<QueueTopic> Parts)
{
    public const string Activity = "activity";
    public const string Observations = "observations";
    public const string QueuePrefix = "v2.analytics.queues.";
    public const string SystemPrefix = "v2.system.";

    /// <summary>A combined topic of at least this length counts as one topic for each of its parts.</summary>
    private const int MaxCombinedLength = 200;

    public int Count => Id.Length < MaxCombinedLength ? 1 : Math.Max(1, Parts.Count);

    public static bool TryParse(string id, [NotNullWhen(true)] out Topic? topic)
    {
        topic = null;
        if (id.StartsWith(SystemPrefix, StringComparison.Ordinal))
        {
            topic = id.Length > SystemPrefix.Length ? new(id, []) : null;
            return topic is not null;
        }

        var rest = id.StartsWith(QueuePrefix, StringComparison.Ordinal) ? id[QueuePrefix.Length..] : "";
        var split = rest.IndexOfAny(['.', '?']);
        if (split < 0 || !Guid.TryParse(rest[..split], out var queue))
        {
            return false;
        }

        var names = rest[split] == '?' ? rest[(split + 1)..].Split('&') : [rest[(split + 1)..]];
        if (names.Any(name => name is not (Activity or Observations)))
        {
            return false;
        }

        topic = new(id, [.. names.Distinct().Select(name => new QueueTopic(queue.ToString(), name == Activity ? TopicKind.Activity : TopicKind.Observations))]);
        return true;
    }
}
