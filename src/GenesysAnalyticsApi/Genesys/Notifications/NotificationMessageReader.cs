using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.RealTime;

namespace GenesysAnalyticsApi.Genesys.Notifications;

/// <summary>
/// Reads the messages of a notification channel: <c>{topicName, version, eventBody, metadata}</c>. The figures have the same form as in the
/// reply to a query, so <see cref="ActivityReplyReader"/> reads them and handles invalid entries in the same way.
/// </summary>
internal static class NotificationMessageReader
{
    private const string SystemPrefix = "v2.system.";

    public static async Task<NotificationMessage> ReadAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return TextOf(document.RootElement, "topicName") is { } topic
                ? await ReadAsync(topic, Member(document.RootElement, "eventBody"), cancellationToken)
                : new UnreadableMessage();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or GenesysException)
        {
            // An InvalidOperationException means that a string contains an unpaired surrogate.
            return new UnreadableMessage();
        }
    }

    private static async Task<NotificationMessage> ReadAsync(string topic, JsonElement body, CancellationToken cancellationToken) =>
        NotificationWire.QueueOfActivity(topic) is { } queueId
            ? body.ValueKind == JsonValueKind.Object ? new QueueActivityMessage(queueId, await ReadAsync(json => WriteActivity(json, queueId, body), cancellationToken)) : new UnreadableMessage()
        : NotificationWire.QueueOfObservations(topic) is { } observed
            ? body.ValueKind != JsonValueKind.Object ? new UnreadableMessage()
            // Figures with a media type are about conversations. The activity topic sends all figures about conversations.
            : Member(Member(body, "group"), "mediaType").ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null) ? new OtherMessage()
            : new QueueUsersMessage(observed, await ReadAsync(json => WriteUsers(json, observed, body), cancellationToken))
        : topic == "channel.metadata" ? new HeartbeatMessage(TextOf(body, "message") == "pong")
        : topic == $"{SystemPrefix}socket_closing" ? new SocketClosingMessage()
        : topic is $"{SystemPrefix}no_longer_subscribed" or $"{SystemPrefix}token_revoked" ? new SubscriptionEndedMessage(topic[SystemPrefix.Length..])
        : new OtherMessage();

    private static async Task<ActivityPage> ReadAsync(Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        using var reply = new MemoryStream();
        await using (var json = new Utf8JsonWriter(reply))
        {
            json.WriteStartObject();
            json.WriteStartArray("results");
            write(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        reply.Position = 0;
        return await ActivityReplyReader.ReadAsync(reply, cancellationToken);
    }

    private static void WriteActivity(Utf8JsonWriter json, string queueId, JsonElement body)
    {
        var results = Member(body, "results");
        if (results.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return;
        }

        if (results.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException("The results are not a list.");
        }

        foreach (var result in results.EnumerateArray())
        {
            WriteGroup(json, queueId, Member(result, "mediaType"), () => WriteMember(json, "data", Member(result, "data")));
        }
    }

    // Counters and timers (n…, t…) cover the current half hour, so they belong to GET /aggregates, not to the current state. If a metric occurs twice, the
    // later value is used, because figures about the current state are never added up.
    private static void WriteUsers(Utf8JsonWriter json, string queueId, JsonElement body)
    {
        var newest = new Dictionary<(string? Metric, string? Qualifier), JsonElement>();
        foreach (var data in ItemsOf(body, "data"))
        {
            foreach (var figure in ItemsOf(data, "metrics").Where(figure => TextOf(figure, "metric") is not { } metric || ActivityMetrics.IsUserMetric(metric)))
            {
                newest[(TextOf(figure, "metric"), TextOf(figure, "qualifier"))] = figure;
            }
        }

        WriteGroup(json, queueId, default, () =>
        {
            json.WriteStartArray("data");
            foreach (var figure in newest.Values)
            {
                figure.WriteTo(json);
            }

            json.WriteEndArray();
        });
    }

    private static void WriteGroup(Utf8JsonWriter json, string queueId, JsonElement mediaType, Action writeData)
    {
        json.WriteStartObject();
        json.WriteStartObject("group");
        json.WriteString("queueId", queueId);
        WriteMember(json, "mediaType", mediaType);
        json.WriteEndObject();
        writeData();
        json.WriteEndObject();
    }

    private static void WriteMember(Utf8JsonWriter json, string name, JsonElement member)
    {
        if (member.ValueKind != JsonValueKind.Undefined)
        {
            json.WritePropertyName(name);
            member.WriteTo(json);
        }
    }

    private static JsonElement.ArrayEnumerator ItemsOf(JsonElement parent, string name) => Member(parent, name) switch
    {
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => default,
        _ => throw new JsonException($"'{name}' is not a list."),
    };

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : default;

    private static string? TextOf(JsonElement parent, string name) => Member(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}

/// <summary>One message of a notification channel.</summary>
internal abstract record NotificationMessage;

/// <summary>All figures about the current conversations of a queue. They replace all known figures about the conversations of the queue.</summary>
/// <param name="Page">A media type that is missing from the page has no conversations.</param>
internal sealed record QueueActivityMessage(string QueueId, ActivityPage Page) : NotificationMessage;

/// <summary>Figures about the users of a queue. They replace the known figures of the same metrics.</summary>
internal sealed record QueueUsersMessage(string QueueId, ActivityPage Page) : NotificationMessage;

/// <summary>The channel is alive: a heartbeat, or the reply to a ping.</summary>
/// <param name="IsPong">Whether the message is the reply to a ping.</param>
internal sealed record HeartbeatMessage(bool IsPong) : NotificationMessage;

/// <summary>Genesys will close the socket in about a minute. Another socket must be opened before then.</summary>
internal sealed record SocketClosingMessage : NotificationMessage;

/// <summary>The channel will send no more messages: its topics were replaced, or the token was revoked.</summary>
internal sealed record SubscriptionEndedMessage(string Topic) : NotificationMessage;

/// <summary>A message with a topic or a figure that this service does not use.</summary>
internal sealed record OtherMessage : NotificationMessage;

/// <summary>A message that cannot be read. Its content is lost.</summary>
internal sealed record UnreadableMessage : NotificationMessage;
