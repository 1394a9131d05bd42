using System.Globalization;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Genesys.RealTime;

/// <summary>
/// Reads a reply to an activity query or to the observations query. In a reply to an activity query, an entry of <c>data</c> contains its values directly. In a
/// reply to the observations query, the values are in <c>stats</c>. An entry that cannot be read is dropped without affecting the other entries. The reply is
/// unreadable only if its body does not have this form, or contains too many figures.
/// </summary>
internal sealed class ActivityReplyReader
{
    /// <summary>The maximum number of messages. More messages would not help the operators who read them.</summary>
    private const int MaxInvalid = 1_000;

    private const int MaxWordLength = 100;

    /// <summary>The maximum number of figures. Genesys sends far fewer. The limit exists because a small entry takes far more memory than its bytes.</summary>
    private const int MaxFigures = 1_000_000;

    /// <summary>Genesys Cloud has existed since 2012, and its times are epoch milliseconds: a smaller number is not a time.</summary>
    private static readonly Instant FirstTime = Instant.FromUtc(2012, 1, 1, 0, 0);
    private static readonly Instant LastTime = Instant.FromUtc(2100, 1, 1, 0, 0);

    // The limit protects the stack. Members that the service does not read can be nested up to this depth.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    private readonly Dictionary<ActivityFigureKey, RawActivityFigure> _figures = [];
    private readonly HashSet<ActivityFigureKey> _contradicted = [];
    private readonly List<InvalidActivity> _invalid = [];

    public static async Task<ActivityPage> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await body.CopyToAsync(buffer, cancellationToken);
        using var reply = Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        return new ActivityReplyReader().PageOf(reply.RootElement);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        body = body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;
        try
        {
            return JsonDocument.Parse(body, Options);
        }
        catch (JsonException) when (NonFiniteJsonLiterals.Replace(body.Span) is { } repaired)
        {
            return ParseRepaired(repaired);
        }
        catch (JsonException)
        {
            // The exception is not passed on, because its message would quote the reply.
            throw GenesysExceptionFactory.Unreadable("it is not valid JSON");
        }
    }

    private static JsonDocument ParseRepaired(byte[] body)
    {
        try
        {
            return JsonDocument.Parse(body, Options);
        }
        catch (JsonException)
        {
            throw GenesysExceptionFactory.Unreadable("it is not valid JSON");
        }
    }

    private ActivityPage PageOf(JsonElement reply)
    {
        if (reply.ValueKind != JsonValueKind.Object)
        {
            throw GenesysExceptionFactory.Unreadable("it is not an object");
        }

        var groups = 0;
        switch (reply.Member("results"))
        {
            case { ValueKind: JsonValueKind.Array } results:
                foreach (var result in results.EnumerateArray())
                {
                    groups++;
                    ReadGroup(result);
                }

                break;

            // An empty reply contains no results. An error body with a success status must not make all queues look empty.
            case null or { ValueKind: JsonValueKind.Null } when reply.Member("message") is null && reply.Member("errorMessage") is null:
                break;
            default:
                throw GenesysExceptionFactory.Unreadable("it has no 'results'");
        }

        return new(_figures, groups, _invalid, [.. PresenceMap.MappingsIn(reply), .. PresenceMap.MappingsIn(_figures.Keys)]);
    }

    private void ReadGroup(JsonElement result)
    {
        var group = result.ValueKind == JsonValueKind.Object ? result.Member("group") : null;
        if (group is not { ValueKind: JsonValueKind.Object } labels || ReplyText.WordOf(labels, "queueId", MaxWordLength, out _) is not { } id)
        {
            Drop(null, null, null, "a group has no usable 'queueId'");
            return;
        }

        var queueId = GenesysId.Canonical(id);
        var mediaType = ReplyText.WordOf(labels, "mediaType", MaxWordLength, out var isInvalid)?.ToLowerInvariant();
        if (isInvalid)
        {
            Drop(queueId, null, null, "the 'mediaType' of a group is not a word");
            return;
        }

        switch (result.Member("data"))
        {
            case { ValueKind: JsonValueKind.Array } data:
                foreach (var entry in data.EnumerateArray())
                {
                    ReadFigure(queueId, mediaType, entry);
                }

                break;
            case null or { ValueKind: JsonValueKind.Null }:
                break;
            default:
                Drop(queueId, mediaType, null, "the 'data' of a group is not a list");
                break;
        }
    }

    private void ReadFigure(string queueId, string? mediaType, JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object || ReplyText.WordOf(entry, "metric", MaxWordLength, out _) is not { } metric)
        {
            Drop(queueId, mediaType, null, "an entry has no usable 'metric'");
            return;
        }

        var isOfConversations = ActivityMetrics.IsConversationMetric(metric);
        if (!isOfConversations && !ActivityMetrics.IsUserMetric(metric))
        {
            // The metric was not requested.
            return;
        }

        var values = entry.Member("stats") is { ValueKind: JsonValueKind.Object } stats ? stats : entry;
        if (Read(metric, values) is not { } figure)
        {
            Drop(queueId, isOfConversations ? mediaType : null, metric, $"the value of an '{metric}' is not usable");
            return;
        }

        // The observations query returns the figures about users in groups without a media type. A figure about conversations in such a group would be a sum
        // over media types, and would count conversations twice.
        if (isOfConversations && mediaType is null)
        {
            if (figure.Count > 0)
            {
                Drop(queueId, null, metric, $"an '{metric}' has no media type");
            }

            return;
        }

        var qualifier = TextOf(entry, "qualifier");
        var key = new ActivityFigureKey(queueId, isOfConversations ? mediaType : null, metric, qualifier, TextOf(entry, "secondaryQualifier"));
        if (_figures.Count >= MaxFigures)
        {
            throw GenesysExceptionFactory.Unreadable(string.Create(CultureInfo.InvariantCulture, $"it has more than {MaxFigures} figures"), RetryKind.Never);
        }

        if (!_contradicted.Contains(key) && !_figures.TryAdd(key, figure) && _figures[key] != figure)
        {
            _figures.Remove(key);
            _contradicted.Add(key);
            Drop(queueId, key.MediaType, metric, $"an '{metric}' has two values");
        }
    }

    /// <returns>Null if the value is not usable.</returns>
    private static RawActivityFigure? Read(string metric, JsonElement values)
    {
        var count = values.Member("count") is null or { ValueKind: JsonValueKind.Null } ? 0 : values.Integer("count");
        if (count is not >= 0)
        {
            return null;
        }

        if (!ActivityMetrics.IsTime(metric))
        {
            return new RawActivityFigure(count.Value, null);
        }

        if (values.Member("calculatedMetricValue") is null or { ValueKind: JsonValueKind.Null })
        {
            return new RawActivityFigure(count.Value, null);
        }

        return values.Number("calculatedMetricValue") switch
        {
            // A time of 0 means that there is no conversation, as a missing time does.
            0 => new RawActivityFigure(count.Value, null),
            { } epoch when epoch >= FirstTime.ToUnixTimeMilliseconds() && epoch < LastTime.ToUnixTimeMilliseconds() => new RawActivityFigure(count.Value, Instant.FromUnixTimeMilliseconds((long)epoch)),
            _ => null,
        };
    }

    /// <summary>A presence or routing status: an id, or a name, which can contain spaces.</summary>
    private static string? TextOf(JsonElement entry, string name) =>
        entry.Member(name) is { ValueKind: JsonValueKind.String } member
        && ReplyJson.Of(member, MaxWordLength, out var isRepaired) is { Length: > 0 } text && !isRepaired
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or ' ')
            ? text
            : null;

    private void Drop(string? queueId, string? mediaType, string? metric, string reason)
    {
        if (_invalid.Count < MaxInvalid)
        {
            _invalid.Add(new(queueId, mediaType, metric, reason));
        }
        else if (_invalid.Count == MaxInvalid)
        {
            // An entry that is not listed could belong to any queue.
            _invalid.Add(new(null, null, null, "the reply has further entries that cannot be read"));
        }
    }
}

/// <summary>One page of a reply.</summary>
/// <param name="Groups">The number of groups in the page, readable or not.</param>
/// <param name="Presences">Maps the ids of the organization's presences to system presences.</param>
internal sealed record ActivityPage(
    IReadOnlyDictionary<ActivityFigureKey, RawActivityFigure> Figures, int Groups, IReadOnlyList<InvalidActivity> Invalid, IReadOnlyCollection<KeyValuePair<string, string>> Presences);
