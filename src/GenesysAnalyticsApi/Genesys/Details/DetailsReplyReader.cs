using System.Buffers;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Genesys.Details;

/// <summary>
/// Reads a reply with conversations while it arrives: only one conversation is held as JSON at a time. This class splits the bytes into conversations,
/// and <see cref="DetailsReplyParser"/> interprets them.
/// </summary>
internal static class DetailsReplyReader
{
    /// <summary>
    /// The maximum size of a conversation. Larger ones are dropped. Real conversations take tens of KiB, or hundreds of KiB with many participants.
    /// </summary>
    public const int MaxConversationBytes = 4 * 1024 * 1024;

    private const int InitialBuffer = 64 * 1024;

    // Protects the stack. Members that the service does not need may be nested up to this depth.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = DetailsReplyParser.MaxDepth };

    public static async Task<DetailsReply> ReadAsync(Stream body, DetailsReplyParser parser, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
        try
        {
            var held = await body.ReadAtLeastAsync(buffer.AsMemory(0, 3), 3, throwOnEndOfStream: false, cancellationToken);
            held = buffer.AsSpan(0, held).SequenceEqual("\uFEFF"u8) ? 0 : held;
            while (true)
            {
                // A conversation is parsed as a whole, so filling the buffer first avoids attempts to parse half of one.
                var room = buffer.AsMemory(held);
                var read = await body.ReadAtLeastAsync(room, room.Length, throwOnEndOfStream: false, cancellationToken);
                held += read;
                var isLast = read < room.Length;
                var consumed = parser.Feed(buffer.AsSpan(0, held), isLast, isFull: buffer.Length >= MaxConversationBytes);
                if (isLast)
                {
                    return parser.Complete();
                }

                held -= consumed;
                buffer.AsSpan(consumed, held).CopyTo(buffer);
                if (held == buffer.Length)
                {
                    buffer = held < MaxConversationBytes
                        ? ArrayPool<byte>.Shared.Grow(buffer, held * 2)
                        : throw GenesysFailureFactory.Unreadable("one of its values is too long");
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads the reply to a request for one conversation, which is the conversation itself.</summary>
    public static async Task<DetailsReply> ReadOneAsync(Stream body, string conversationId, bool withPersonalData, CancellationToken cancellationToken)
    {
        using var reply = await ParseAsync(body, cancellationToken);
        var entries = new DetailEntryReader(withPersonalData);
        var conversation = entries.Read(reply.RootElement, 1) ?? throw GenesysFailureFactory.Unreadable("it is not a conversation");
        return GenesysId.Canonical(conversation.Id) == GenesysId.Canonical(conversationId)
            ? new DetailsReply([conversation], Items: 1) { InvalidEntries = entries.Issues.Messages }
            : throw GenesysFailureFactory.Unreadable("it is a different conversation from the one requested");
    }

    /// <summary>Reads the time up to which the data of asynchronous queries is complete.</summary>
    public static async Task<Instant> ReadAvailabilityAsync(Stream body, CancellationToken cancellationToken)
    {
        using var reply = await ParseAsync(body, cancellationToken);
        return ReplyText.InstantOf(reply.RootElement, DetailsReplyParser.Availability)
            ?? throw GenesysFailureFactory.Unreadable($"the availability has no usable '{DetailsReplyParser.Availability}'");
    }

    private static async Task<JsonDocument> ParseAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonDocument.ParseAsync(body, Options, cancellationToken);
        }
        catch (JsonException)
        {
            // The exception's message would quote the reply.
            throw GenesysFailureFactory.Unreadable("it is not valid JSON");
        }
    }
}

/// <param name="Items">The number of conversations in the reply, readable or not.</param>
internal sealed record DetailsReply(IReadOnlyList<ConversationDetail> Conversations, int Items)
{
    public long? TotalHits { get; init; }

    /// <summary>The cursor of the next page of an asynchronous query.</summary>
    public string? Cursor { get; init; }

    public Instant? DataAvailableUntil { get; init; }

    public IReadOnlyList<string> InvalidEntries { get; init; } = [];

    public DetailsPage ToPage(Instant fetchedAt, int calls) => new([.. Conversations])
    {
        TotalHits = TotalHits,
        FetchedAt = fetchedAt,
        DataAvailableUntil = DataAvailableUntil,
        Calls = calls,
        InvalidEntries = InvalidEntries,
    };
}
