using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using NodaTime;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Reads an aggregates answer as it comes in, straight into columns: no object per statistic, no text read twice. This file reads
/// the bytes, <see cref="AggregatesReplyTokenizer"/> makes tokens of them, and <see cref="AggregatesReplyParser"/> knows what they mean.
/// </summary>
internal static class AggregatesReplyReader
{
    private const int FirstBuffer = 64 * 1024;

    // Nothing that Genesys sends has values of that size, and a larger one must not fill our memory.
    private const int LongestValue = 256 * 1024;

    /// <param name="edges">The planned bucket edges; an answer with other buckets is unreadable.</param>
    public static async Task<AggregateFacts> ReadAsync(Stream body, ImmutableArray<Instant> edges, CancellationToken cancellationToken)
    {
        var tokens = new AggregatesReplyParser(edges);
        var feed = new AggregatesReplyTokenizer(tokens);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            var held = await SkipByteOrderMarkAsync(body, buffer, cancellationToken);
            while (true)
            {
                var read = await body.ReadAsync(buffer.AsMemory(held), cancellationToken);
                held += read;
                var consumed = Feed(feed, buffer.AsSpan(0, held), isLast: read == 0);
                if (read == 0)
                {
                    return tokens.ToFacts();
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

    private static int Feed(AggregatesReplyTokenizer feed, ReadOnlySpan<byte> bytes, bool isLast)
    {
        try
        {
            return feed.Feed(bytes, isLast);
        }
        catch (JsonException)
        {
            // Its text would quote the answer.
            throw GenesysFailures.Unreadable("it is not whole JSON");
        }
        catch (InvalidOperationException)
        {
            // What the JSON reader throws for text that is not UTF-8.
            throw GenesysFailures.Unreadable("it is not UTF-8");
        }
    }

    private static byte[] Doubled(byte[] buffer)
    {
        if (buffer.Length >= LongestValue)
        {
            throw GenesysFailures.Unreadable("one of its values is too long");
        }

        var doubled = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(doubled, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return doubled;
    }
}
