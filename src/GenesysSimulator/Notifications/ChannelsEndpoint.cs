using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using GenesysSimulator.Contract;
using GenesysSimulator.Wire;

namespace GenesysSimulator.Notifications;

/// <summary>Serves /api/v2/notifications/channels: channels and their topics.</summary>
internal sealed class ChannelsEndpoint(ChannelRegistry channels, NotificationPump pump)
{
    private const string TopicType = "ChannelTopic";
    private const string Permission = "analytics:queueObservation:view";

    private static readonly FrozenSet<string> TopicMembers = GenesysContract.Members(TopicType);

    public Reply Create(HttpRequest request, object token)
    {
        RejectUnknownParameters(request);
        var (id, expires) = channels.Create(token);
        return Reply.OfJson(writer => WriteChannel(writer, request, id, expires));
    }

    /// <summary>Lists channels. For a channel of another token, the id is omitted, unless the request is for all channels of the client.</summary>
    public Reply List(HttpRequest request, object token)
    {
        RejectUnknownParameters(request, "includechannels");
        var isAll = "oauthclient".Equals(Listing.OneOf(request, "includechannels", "token", "oauthclient"), StringComparison.OrdinalIgnoreCase);
        return Reply.OfJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("entities");
            foreach (var (id, expires, owner) in channels.All())
            {
                WriteChannel(writer, request, isAll || ReferenceEquals(owner, token) ? id : null, expires);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    public Reply Head(string id) => channels.Exists(id) ? Reply.Empty(200) : throw ApiException.NotFound();

    public Reply Topics(string id)
    {
        var topics = channels.TopicsOf(id);
        return ReplyOf(id, topics.Select(topic => (topic, (string?)null)));
    }

    public Reply Clear(string id)
    {
        channels.Subscribe(id, [], replaceTopics: true);
        return Reply.Empty(202);
    }

    public Reply Subscribe(HttpRequest request, string id, ReadOnlyMemory<byte> body, bool replaceTopics, IReadOnlyList<SimulatorFault> faults)
    {
        RejectUnknownParameters(request, "ignoreErrors");
        var ignoresErrors = Listing.OneOf(request, "ignoreErrors", "true", "false") is { } text && text.Equals("true", StringComparison.OrdinalIgnoreCase);
        if (!channels.Exists(id))
        {
            throw ApiException.NotFound();
        }

        var (permitted, rejected) = (new List<Topic>(), new List<(string Id, string? Reason)>());
        foreach (var wanted in Read(body))
        {
            if (!Topic.TryParse(wanted, out var topic))
            {
                rejected.Add((wanted, "The topic is not valid."));
            }
            else if (faults.Any(fault => fault.Name == FaultNames.RejectedTopic && wanted.Contains(fault.Value ?? "", StringComparison.OrdinalIgnoreCase)))
            {
                rejected.Add((wanted, null));
            }
            else
            {
                permitted.Add(topic);
            }
        }

        if (rejected.Count > 0 && !ignoresErrors)
        {
            throw rejected[0].Reason is { } reason
                ? ApiException.BadRequest($"{reason} [{rejected[0].Id}]")
                : new ApiException(403, "missing.any.permissions", $"Unable to subscribe to topic [{rejected[0].Id}]. You must have at least one of the following permissions assigned: [{Permission}]");
        }

        var all = channels.Subscribe(id, permitted, replaceTopics);
        pump.OnSubscriptionsChanged();
        var states = all.Select(topic => (topic, (string?)null)).ToList();
        states.AddRange(rejected.Select(topic => (topic.Id, (string?)(topic.Reason ?? ""))));
        return ReplyOf(id, states);
    }

    private static List<string> Read(ReadOnlyMemory<byte> body)
    {
        using var document = RequestBody.ParseStrictly(body);
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray().Select(topic => new StrictObject(topic, TopicType, TopicMembers).RequiredText("id"))]
            : throw ApiException.BadRequest("The body must be an array of ChannelTopic.");
    }

    /// <param name="topics">The topics with the reason for their rejection: null for a permitted topic, empty if the permission is missing.</param>
    private static Reply ReplyOf(string channelId, IEnumerable<(string Id, string? Rejection)> topics) => Reply.OfJson(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("entities");
        foreach (var (id, rejection) in topics)
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WriteString("state", rejection is null ? "Permitted" : "Rejected");
            if (rejection is not null)
            {
                writer.WriteString("rejectionReason", rejection.Length == 0 ? "Missing permissions" : rejection);
                writer.WriteStartArray("missingPermissions");
                if (rejection.Length == 0)
                {
                    writer.WriteStringValue(Permission);
                }

                writer.WriteEndArray();
            }

            writer.WriteString("selfUri", $"{NotificationRoutes.Channels}/{channelId}/subscriptions");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    // The address of the socket contains the host and port with which the caller reached the API.
    private static void WriteChannel(Utf8JsonWriter writer, HttpRequest request, string? id, DateTimeOffset expires)
    {
        writer.WriteStartObject();
        if (id is not null)
        {
            writer.WriteString("connectUri", $"{(request.IsHttps ? "wss" : "ws")}://{request.Host}{NotificationSockets.Path}{id}");
            writer.WriteString("id", id);
        }

        writer.WriteString("expires", expires.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        writer.WriteEndObject();
    }

    private static void RejectUnknownParameters(HttpRequest request, params IEnumerable<string> known)
    {
        if (request.Query.Keys.FirstOrDefault(key => !known.Contains(key)) is { } unknown)
        {
            throw ApiException.BadRequest($"Query parameter [{unknown}] is unknown.");
        }
    }
}
