using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Genesys.Notifications;

/// <summary>Paths, topics and messages of Genesys' notification channels.</summary>
internal static class NotificationWire
{
    public const string ChannelsPath = "/api/v2/notifications/channels";

    /// <summary>The maximum number of topics per channel.</summary>
    public const int MaxTopics = 1_000;

    /// <summary>
    /// The maximum number of channels per user and client. If another channel is created, it replaces the oldest channel that is not connected.
    /// </summary>
    public const int MaxChannels = 20;

    /// <summary>The lifetime of a channel after its topics were last set.</summary>
    public static readonly TimeSpan ChannelLife = TimeSpan.FromHours(24);

    private const string QueuePrefix = "v2.analytics.queues.";
    private const string ActivitySuffix = ".activity";
    private const string ObservationsSuffix = ".observations";

    /// <summary>The ping, to which Genesys replies immediately.</summary>
    public static ReadOnlyMemory<byte> Ping { get; } = """{"message":"ping"}"""u8.ToArray();

    /// <summary>The topic for the conversations of a queue, per media type.</summary>
    public static string ActivityTopic(string queueId) => $"{QueuePrefix}{queueId}{ActivitySuffix}";

    /// <summary>The topic for the users of a queue. Its messages also contain other figures that the activity topic lacks.</summary>
    public static string ObservationsTopic(string queueId) => $"{QueuePrefix}{queueId}{ObservationsSuffix}";

    /// <summary>Without <c>ignoreErrors</c>, Genesys would reject all topics because of a single rejected topic.</summary>
    public static string SubscriptionsPath(string channelId) => $"{ChannelPath(channelId)}/subscriptions?ignoreErrors=true";

    public static string ChannelPath(string channelId) => $"{ChannelsPath}/{Uri.EscapeDataString(channelId)}";

    public static byte[] BodyOf(IEnumerable<string> topics) =>
        JsonSerializer.SerializeToUtf8Bytes<SubscribedTopic[]>([.. topics.Select(topic => new SubscribedTopic(topic))], NotificationJson.Default.SubscribedTopicArray);

    /// <returns>The id of the queue of an activity topic; null for any other topic.</returns>
    public static string? QueueOfActivity(string topic) => QueueOf(topic, ActivitySuffix);

    public static string? QueueOfObservations(string topic) => QueueOf(topic, ObservationsSuffix);

    private static string? QueueOf(string topic, string suffix) =>
        topic.StartsWith(QueuePrefix, StringComparison.Ordinal) && topic.EndsWith(suffix, StringComparison.Ordinal) && topic.Length > QueuePrefix.Length + suffix.Length
            ? topic[QueuePrefix.Length..^suffix.Length]
            : null;
}

/// <summary>A topic in the body of a subscription.</summary>
internal sealed record SubscribedTopic(string Id);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SubscribedTopic[]))]
internal sealed partial class NotificationJson : JsonSerializerContext;
