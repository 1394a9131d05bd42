using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using NodaTime;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Parses an aggregates reply into columns while it arrives, without an object per statistic. This class reads the bytes,
/// <see cref="AggregatesReplyTokenizer"/> splits them into tokens, and <see cref="AggregatesReplyParser"/> interprets the tokens.
/// </summary>
internal static class AggregatesReplyReader
{
    private const int InitialBuffer = 64 * 1024;

    // Genesys sends no values of this size, and larger ones must not exhaust memory.
    private const int MaxValueBytes = 256 * 1024;

    /// <param name="edges">The requested bucket edges; a reply with other buckets is unreadable.</param>
    public static async Task<AggregateFacts> ReadAsync(Stream body, ImmutableArray<Instant> edges, CancellationToken cancellationToken)
    {
        var parser = new AggregatesReplyParser(edges);
        var tokenizer = new AggregatesReplyTokenizer(parser);
        var buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
        try
        {
            var held = await SkipByteOrderMarkAsync(body, buffer, cancellationToken);
            while (true)
            {
                var read = await body.ReadAsync(buffer.AsMemory(held), cancellationToken);
                held += read;
                var consumed = Feed(tokenizer, buffer.AsSpan(0, held), isLast: read == 0);
                if (read == 0)
                {
                    return parser.ToFacts();
                }

                held -= consumed;
                buffer.AsSpan(consumed, held).CopyTo(buffer);
                if (held == buffer.Length)
                {
                    buffer = Doubled(buffer);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<int> SkipByteOrderMarkAsync(Stream body, byte[] buffer, CancellationToken cancellationToken)
    {
        var held = await body.ReadAtLeastAsync(buffer.AsMemory(0, 3), 3, throwOnEndOfStream: false, cancellationToken);
        return buffer.AsSpan(0, held).SequenceEqual("\uFEFF"u8) ? 0 : held;
    }

    private static int Feed(AggregatesReplyTokenizer tokenizer, ReadOnlySpan<byte> bytes, bool isLast)
    {
        try
        {
            return tokenizer.Feed(bytes, isLast);
        }
        catch (JsonException)
        {
            // The exception's message would quote the reply.
            throw GenesysFailures.Unreadable("it is not valid JSON");
        }
        catch (InvalidOperationException)
        {
            // Utf8JsonReader throws this for invalid UTF-8.
            throw GenesysFailures.Unreadable("it is not UTF-8");
        }
    }

    private static byte[] Doubled(byte[] buffer)
    {
        if (buffer.Length >= MaxValueBytes)
        {
            throw GenesysFailures.Unreadable("one of its values is too long");
        }

        var doubled = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(doubled, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return doubled;
    }
}
