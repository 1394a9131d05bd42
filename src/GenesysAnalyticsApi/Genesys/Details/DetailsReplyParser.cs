using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Genesys.Details;

internal enum DetailsReplyKind
{
    /// <summary>A page of the synchronous query. Even a page without conversations contains totalHits.</summary>
    Query,

    /// <summary>Conversations by id, or a page of an asynchronous query. A reply without 'conversations' is accepted if it has no unknown members.</summary>
    List,
}

/// <summary>
/// Interprets a reply with conversations. An invalid conversation never affects the other conversations. The whole reply fails only if it has the wrong
/// shape, is an error body, is incomplete, contains too many conversations, is not valid JSON or UTF-8, or is nested deeper than <see cref="MaxDepth"/>.
/// </summary>
/// <param name="pageSize">The requested page size.</param>
internal sealed class DetailsReplyParser(DetailsReplyKind kind, int pageSize)
{
    public const int MaxDepth = 512;

    public const string Availability = "dataAvailabilityDate";

    /// <summary>
    /// The maximum number of entries, as a multiple of the requested page size. A limit exists because even a small entry takes far more memory than its size
    /// in bytes.
    /// </summary>
    private const int MaxSizeFactor = 20;

    private const string Conversations = "conversations";

    private readonly List<ConversationDetail> _conversations = [];
    private readonly DetailEntryReader _reader = new(withPersonalData: false);
    private JsonReaderState _json = new(new JsonReaderOptions { MaxDepth = MaxDepth });
    private Position _position = Position.Start;
    private Position _afterSkip;
    private int _skipDepth;
    private int _entryCount;
    private bool _hasConversations;
    private bool _hasMessage;
    private bool _hasOther;
    private long? _totalHits;
    private string? _cursor;
    private Instant? _availableUntil;

    private enum Position
    {
        Start,
        Root,
        Conversations,
        Skipping,
        End,
    }

    /// <summary>Takes all complete values and returns how many bytes they take up.</summary>
    /// <param name="isFull">Whether the buffer cannot grow further. In that case, a conversation that is still incomplete is too long.</param>
    public int Feed(ReadOnlySpan<byte> bytes, bool isLast, bool isFull)
    {
        var json = new Utf8JsonReader(bytes, isLast, _json);
        try
        {
            // An incomplete value is left unread, together with its name.
            var lastComplete = json;
            while (TryTake(ref json, isTooLong: isFull && json.BytesConsumed == 0))
            {
                lastComplete = json;
            }

            _json = lastComplete.CurrentState;
            return (int)lastComplete.BytesConsumed;
        }
        catch (InvalidOperationException)
        {
            // Utf8JsonReader throws this for invalid UTF-8.
            throw GenesysExceptionFactory.Unreadable("it is not UTF-8");
        }
        catch (JsonException)
        {
            // The exception's message would quote the reply.
            throw GenesysExceptionFactory.Unreadable("it is not valid JSON");
        }
    }

    public DetailsReply Complete()
    {
        if (_position != Position.End)
        {
            throw GenesysExceptionFactory.Unreadable("it is incomplete");
        }

        if (_hasMessage && _entryCount == 0)
        {
            throw GenesysExceptionFactory.Unreadable("it is an error body with a success status");
        }

        return _hasConversations || _totalHits is not null || (kind == DetailsReplyKind.List && !_hasOther)
            ? new DetailsReply(_conversations, _entryCount)
            {
                TotalHits = _totalHits,
                Cursor = _cursor,
                DataAvailableUntil = _availableUntil,
                InvalidEntries = _reader.Issues.Messages,
            }
            : throw GenesysExceptionFactory.Unreadable($"it has no '{Conversations}'");
    }

    /// <returns>False if more bytes are needed, or at the end.</returns>
    private bool TryTake(ref Utf8JsonReader json, bool isTooLong)
    {
        if (!json.Read())
        {
            return false;
        }

        switch (_position)
        {
            case Position.Start:
                _position = json.TokenType == JsonTokenType.StartObject ? Position.Root : throw GenesysExceptionFactory.Unreadable("it is not an object");
                return true;
            case Position.Root when json.TokenType == JsonTokenType.EndObject:
                _position = Position.End;
                return true;
            case Position.Root:
                return TryTakeMember(ref json);
            case Position.Conversations when json.TokenType == JsonTokenType.EndArray:
                _position = Position.Root;
                return true;
            case Position.Conversations:
                return TryTakeConversation(ref json, isTooLong);
            default:
                _position = (json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray) && json.CurrentDepth == _skipDepth ? _afterSkip : _position;
                return true;
        }
    }

    private bool TryTakeMember(ref Utf8JsonReader json)
    {
        var name = NameOf(ref json);
        if (!json.Read())
        {
            return false;
        }

        if (json.TokenType is JsonTokenType.StartArray && name == Conversations)
        {
            (_hasConversations, _position) = (true, Position.Conversations);
            return true;
        }

        switch (name)
        {
            case Conversations when json.TokenType != JsonTokenType.Null:
                throw GenesysExceptionFactory.Unreadable($"its '{Conversations}' is not a list");
            case "totalHits":
                _totalHits = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var hits) && hits >= 0 ? hits : null;
                break;
            case "cursor":
                _cursor = json.TokenType switch
                {
                    JsonTokenType.String => json.GetString(),
                    JsonTokenType.Null => null,
                    _ => throw GenesysExceptionFactory.Unreadable("its 'cursor' is not text"),
                };
                break;
            case Availability:
                _availableUntil = json.TokenType == JsonTokenType.String ? ReplyText.InstantOf(json.GetString()) : null;
                if (_availableUntil is null && json.TokenType != JsonTokenType.Null)
                {
                    _reader.Issues.Add($"the '{Availability}' of the page was dropped: it is not a valid time in this century");
                }

                break;
            case "message":
                (_hasMessage, _hasOther) = (true, true);
                break;
            default:
                _hasOther |= name != Conversations;
                break;
        }

        SkipIfNested(ref json, Position.Root);
        return true;
    }

    private bool TryTakeConversation(ref Utf8JsonReader json, bool isTooLong)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            DropEntry(ref json, "it is not an object");
            return true;
        }

        if (!JsonDocument.TryParseValue(ref json, out var entry))
        {
            if (isTooLong)
            {
                DropEntry(ref json, $"it has more than {DetailsReplyReader.MaxConversationBytes} bytes");
            }

            return isTooLong;
        }

        using (entry)
        {
            CountEntry();
            if (_reader.Read(entry.RootElement, _entryCount) is { } conversation)
            {
                _conversations.Add(conversation);
            }
        }

        return true;
    }

    private void DropEntry(ref Utf8JsonReader json, string reason)
    {
        CountEntry();
        _reader.Issues.Add($"entry {_entryCount} of the page was dropped: {reason}");
        SkipIfNested(ref json, Position.Conversations);
    }

    private void CountEntry()
    {
        if (++_entryCount > MaxSizeFactor * pageSize)
        {
            throw GenesysExceptionFactory.Unreadable($"it has more than {MaxSizeFactor * pageSize} conversations, but {pageSize} were requested", RetryKind.Once);
        }
    }

    private void SkipIfNested(ref Utf8JsonReader json, Position afterwards)
    {
        if (json.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
        {
            (_skipDepth, _afterSkip, _position) = (json.CurrentDepth, afterwards, Position.Skipping);
        }
    }

    private static string? NameOf(ref Utf8JsonReader json) =>
        json.ValueTextEquals("conversations"u8) ? Conversations
        : json.ValueTextEquals("totalHits"u8) ? "totalHits"
        : json.ValueTextEquals("cursor"u8) ? "cursor"
        : json.ValueTextEquals("dataAvailabilityDate"u8) ? Availability
        : json.ValueTextEquals("message"u8) || json.ValueTextEquals("errorMessage"u8) ? "message"
        : null;
}
