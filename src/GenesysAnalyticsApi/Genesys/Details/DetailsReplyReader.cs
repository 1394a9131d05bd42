using System.Buffers;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Parsing;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Genesys.Details;

/// <summary>
/// Reads replies with conversations. A list of conversations is read while it arrives, so only one conversation at a time is held as JSON: this class buffers
/// the bytes, and <see cref="DetailsReplyParser"/> interprets them.
/// </summary>
internal static class DetailsReplyReader
{
    /// <summary>
    /// The maximum size of a conversation in a list. Larger conversations are dropped. Real conversations take tens of KiB, or hundreds of KiB with many
    /// participants.
    /// </summary>
    public const int MaxConversationBytes = 4 * 1024 * 1024;

    private const int InitialBuffer = 64 * 1024;

    // The limit protects the stack. Members that the service does not read can be nested up to this depth.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = DetailsReplyParser.MaxDepth };

    public static async Task<DetailsReply> ReadAsync(Stream body, DetailsReplyParser parser, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
        try
        {
            var bufferedBytes = await body.ReadAtLeastAsync(buffer.AsMemory(0, 3), 3, throwOnEndOfStream: false, cancellationToken);
            bufferedBytes = buffer.AsSpan(0, bufferedBytes).SequenceEqual("\uFEFF"u8) ? 0 : bufferedBytes;
            while (true)
            {
                // A conversation is parsed as a whole, so filling the buffer first avoids attempts to parse incomplete conversations.
                var freeSpace = buffer.AsMemory(bufferedBytes);
                var readBytes = await body.ReadAtLeastAsync(freeSpace, freeSpace.Length, throwOnEndOfStream: false, cancellationToken);
                bufferedBytes += readBytes;
                var isLast = readBytes < freeSpace.Length;
                var consumedBytes = parser.Feed(buffer.AsSpan(0, bufferedBytes), isLast, isFull: buffer.Length >= MaxConversationBytes);
                if (isLast)
                {
                    return parser.Complete();
                }

                bufferedBytes -= consumedBytes;
                buffer.AsSpan(consumedBytes, bufferedBytes).CopyTo(buffer);
                if (bufferedBytes == buffer.Length)
                {
                    buffer = bufferedBytes < MaxConversationBytes
                        ? ArrayPool<byte>.Shared.Grow(buffer, bufferedBytes * 2)
                        : throw GenesysExceptionFactory.Unreadable("one of its values is too long");
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
        var conversation = entries.Read(reply.RootElement, 1) ?? throw GenesysExceptionFactory.Unreadable("it is not a conversation");
        return GenesysId.Canonical(conversation.Id) == GenesysId.Canonical(conversationId)
            ? new DetailsReply([conversation], Items: 1) { InvalidEntries = entries.Issues.Messages }
            : throw GenesysExceptionFactory.Unreadable("it is a different conversation from the one requested");
    }

    /// <summary>Reads the time up to which the data of asynchronous queries is complete.</summary>
    public static async Task<Instant> ReadAvailabilityAsync(Stream body, CancellationToken cancellationToken)
    {
        using var reply = await ParseAsync(body, cancellationToken);
        return ReplyText.InstantOf(reply.RootElement, DetailsReplyParser.Availability)
            ?? throw GenesysExceptionFactory.Unreadable($"the availability has no usable '{DetailsReplyParser.Availability}'");
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
            throw GenesysExceptionFactory.Unreadable("it is not valid JSON");
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
