using System.Collections.Immutable;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Genesys.Notifications;

/// <summary>A notification channel of Genesys.</summary>
/// <param name="ConnectUri">
/// The address of the socket on which the messages arrive. Anyone who knows the address can read the messages, so it is never logged.
/// </param>
/// <param name="Expires">When Genesys closes the channel, unless its topics are set again.</param>
internal sealed record NotificationChannel(string Id, Uri ConnectUri, Instant Expires);

/// <summary>How Genesys replied to the subscription to the topics of a channel.</summary>
/// <param name="Rejected">Topics for which no messages will arrive.</param>
/// <param name="Reason">Why the first rejected topic was rejected, with the missing permissions if Genesys states them; null if no topic was rejected.</param>
internal sealed record SubscriptionReply(ImmutableHashSet<string> Rejected, string? Reason);

/// <summary>Creates notification channels and sets their topics.</summary>
internal interface INotificationChannels
{
    /// <exception cref="GenesysException">Genesys did not create the channel, or its reply contains no usable id or address.</exception>
    Task<NotificationChannel> CreateAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the topics of a channel. Setting the topics also extends the lifetime of the channel.</summary>
    Task<SubscriptionReply> SubscribeAsync(NotificationChannel channel, IReadOnlyCollection<string> topics, CancellationToken cancellationToken);
}

/// <summary>
/// Sends the requests for notification channels. The requests are the same for the HTTP client and the official SDK. Like all Genesys requests, they pass
/// through the rate limiter and use the shared token. Channels need no permission, but topics do.
/// </summary>
internal sealed class NotificationChannels(GenesysApiClient api, IOptions<GenesysOptions> options, TimeProvider clock) : INotificationChannels
{
    /// <summary>The maximum size of a reply, which is enough for a thousand topics with their reasons.</summary>
    private static readonly ReplyLimit MaxReply = new(4 * 1024 * 1024, "The list of topics");

    public async Task<NotificationChannel> CreateAsync(CancellationToken cancellationToken)
    {
        NotificationChannel? channel = null;
        await SendAsync(HttpMethod.Post, NotificationWire.ChannelsPath, "{}"u8.ToArray(), reply => channel = ChannelOf(reply), cancellationToken);
        return channel!;
    }

    public async Task<SubscriptionReply> SubscribeAsync(NotificationChannel channel, IReadOnlyCollection<string> topics, CancellationToken cancellationToken)
    {
        SubscriptionReply? subscription = null;
        var body = NotificationWire.BodyOf(topics);
        await SendAsync(
            HttpMethod.Put, NotificationWire.SubscriptionsPath(channel.Id), body, reply => subscription = SubscriptionOf(reply, topics), cancellationToken);
        return subscription!;
    }

    private NotificationChannel ChannelOf(JsonElement reply)
    {
        if (TextOf(reply, "id") is not { Length: > 0 } id || !Uri.TryCreate(TextOf(reply, "connectUri"), UriKind.Absolute, out var address) || !IsSafe(address))
        {
            throw GenesysExceptionFactory.Unreadable("the created notification channel has no id or no valid address");
        }

        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        var latest = now + Duration.FromTimeSpan(NotificationWire.ChannelLife);
        var expires = reply.TryGetProperty("expires", out var text) && text.ValueKind == JsonValueKind.String && text.TryGetDateTimeOffset(out var time)
            ? Instant.FromDateTimeOffset(time)
            : latest;
        return new NotificationChannel(id, address, expires <= now || expires > latest ? latest : expires);
    }

    /// <summary>
    /// The address comes from Genesys' reply, so it must be encrypted. The exception is a test system with an API address that is not encrypted either.
    /// </summary>
    private bool IsSafe(Uri address) => address.Scheme == Uri.UriSchemeWss
        || (address.Scheme == Uri.UriSchemeWs && GenesysRegions.ApiBaseUrlOf(options.Value).Scheme == Uri.UriSchemeHttp);

    // A topic that the reply does not mention counts as rejected, because no messages arrive for it. A reply without a list shows only that the request
    // succeeded.
    private static SubscriptionReply SubscriptionOf(JsonElement reply, IReadOnlyCollection<string> topics)
    {
        if (reply.ValueKind != JsonValueKind.Object || !reply.TryGetProperty("entities", out var entities) || entities.ValueKind != JsonValueKind.Array)
        {
            return new SubscriptionReply([], null);
        }

        var permitted = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        string? reason = null;
        foreach (var topic in entities.EnumerateArray())
        {
            if (TextOf(topic, "id") is not { } id)
            {
                continue;
            }

            if (string.Equals(TextOf(topic, "state"), "Rejected", StringComparison.OrdinalIgnoreCase))
            {
                reason ??= ReasonOf(topic);
            }
            else
            {
                permitted.Add(id);
            }
        }

        var rejected = topics.Where(topic => !permitted.Contains(topic)).ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);
        return new SubscriptionReply(rejected, rejected.IsEmpty ? null : reason ?? "Genesys' reply does not mention the topic");
    }

    private static string ReasonOf(JsonElement topic)
    {
        var missing = topic.TryGetProperty("missingPermissions", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(permission => permission.ValueKind == JsonValueKind.String).Select(permission => permission.GetString()!).Take(3).ToList()
            : [];
        return missing is not [] ? $"the permission {Text.InputExcerpt.Of(string.Join(", ", missing))} is missing"
            : TextOf(topic, "rejectionReason") is { Length: > 0 } reason ? Text.InputExcerpt.Of(reason)
            : "Genesys gives no reason";
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private async Task SendAsync(HttpMethod method, string path, byte[] body, Action<JsonElement> readReply, CancellationToken cancellationToken)
    {
        var call = api.CreateCall(RequestOrigin.Service, permission: null, async (stream, token) => await ReadAsync(stream, readReply, token), MaxReply);
        await api.SendAsync(call, () => api.CreateRequest(method, path, body), cancellationToken);
    }

    private static async Task ReadAsync(Stream body, Action<JsonElement> readReply, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(body, default, cancellationToken);
            readReply(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // An InvalidOperationException means that a string contains an unpaired surrogate.
            throw GenesysExceptionFactory.Unreadable("the reply about a notification channel is not valid JSON", cause: exception);
        }
    }
}
