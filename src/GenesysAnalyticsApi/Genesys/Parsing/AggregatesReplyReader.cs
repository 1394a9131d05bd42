using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Parses an aggregates reply into columns while it arrives, without allocating an object per statistic. This class splits the bytes into tokens, and
/// <see cref="AggregatesReplyParser"/> interprets the tokens. NaN and Infinity are not JSON, but some serializers write them as numbers. This class passes them
/// on as strings, so they invalidate only their own statistic, not the whole reply.
/// </summary>
internal sealed class AggregatesReplyReader
{
    private const int InitialBuffer = 64 * 1024;

    // Genesys sends no values of this size, and larger values must not exhaust the memory.
    private const int MaxValueBytes = 256 * 1024;

    private static readonly byte[][] NotFinite = ["\"NaN\""u8.ToArray(), "\"Infinity\""u8.ToArray(), "\"-Infinity\""u8.ToArray()];

    private readonly AggregatesReplyParser _parser;
    private JsonReaderState _json;

    private AggregatesReplyReader(AggregatesReplyParser parser) => _parser = parser;

    /// <param name="edges">The requested bucket edges; a reply with other buckets is unreadable.</param>
    public static Task<AggregateFacts> ReadAsync(Stream body, ImmutableArray<Instant> edges, CancellationToken cancellationToken) =>
        ReadAsync(body, edges, [], Dimensions.None, cancellationToken);

    /// <summary>Reads the reply to a request, including the requested views.</summary>
    public static Task<AggregateFacts> ReadAsync(Stream body, AggregatesRequest request, CancellationToken cancellationToken) =>
        ReadAsync(body, request.Edges, request.Views, request.Dimensions, cancellationToken);

    /// <summary>Reads all tokens of a reply.</summary>
    public static async Task ReadAsync(Stream body, AggregatesReplyParser parser, CancellationToken cancellationToken)
    {
        var reader = new AggregatesReplyReader(parser);
        var buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
        try
        {
            var bufferedBytes = await body.ReadAtLeastAsync(buffer.AsMemory(0, 3), 3, throwOnEndOfStream: false, cancellationToken);
            bufferedBytes = buffer.AsSpan(0, bufferedBytes).SequenceEqual("\uFEFF"u8) ? 0 : bufferedBytes;
            while (true)
            {
                var readBytes = await body.ReadAsync(buffer.AsMemory(bufferedBytes), cancellationToken);
                bufferedBytes += readBytes;
                var consumedBytes = reader.Feed(buffer.AsSpan(0, bufferedBytes), isLast: readBytes == 0);
                if (readBytes == 0)
                {
                    return;
                }

                bufferedBytes -= consumedBytes;
                buffer.AsSpan(consumedBytes, bufferedBytes).CopyTo(buffer);
                if (bufferedBytes == buffer.Length)
                {
                    buffer = bufferedBytes < MaxValueBytes
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

    private static async Task<AggregateFacts> ReadAsync(
        Stream body, ImmutableArray<Instant> edges, ImmutableArray<MetricView> views, Dimensions dimensions, CancellationToken cancellationToken)
    {
        var facts = new FactsBuilder(edges, views, dimensions);
        await ReadAsync(body, new AggregatesReplyParser(facts, hasViews: !views.IsEmpty), cancellationToken);
        return views.IsEmpty ? facts.ToFacts() : ViewVerifier.Verify(facts.ToFacts(), views);
    }

    /// <summary>Processes all complete tokens and returns the number of bytes consumed.</summary>
    private int Feed(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var consumed = 0;
        while (true)
        {
            var json = new Utf8JsonReader(bytes[consumed..], isLast, _json);
            try
            {
                while (json.Read())
                {
                    _parser.Take(ref json);
                }

                _json = json.CurrentState;
                return consumed + (int)json.BytesConsumed;
            }
            catch (InvalidOperationException)
            {
                // Utf8JsonReader throws this for invalid UTF-8.
                throw GenesysExceptionFactory.Unreadable("it is not UTF-8");
            }
            catch (JsonException)
            {
                // The reader is still positioned before the value, so its state and position are the same as after the property name.
                _json = json.CurrentState;
                consumed += (int)json.BytesConsumed;

                // The exception is not passed on, because its message would quote the reply.
                var length = (json.TokenType == JsonTokenType.PropertyName ? TakeNotFinite(bytes[consumed..], isLast) : null)
                    ?? throw GenesysExceptionFactory.Unreadable("it is not valid JSON");
                if (length == 0)
                {
                    return consumed;
                }

                consumed += length;
            }
        }
    }

    /// <returns>The number of bytes consumed; 0 if more bytes are needed, null if the value is neither NaN nor Infinity.</returns>
    private int? TakeNotFinite(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var value = bytes.TrimStart(" \t\r\n"u8);
        foreach (var text in NotFinite)
        {
            var literal = text.AsSpan(1, text.Length - 2);
            if (value.StartsWith(literal))
            {
                var json = new Utf8JsonReader(text, isFinalBlock: false, _json);
                json.Read();
                _parser.Take(ref json);
                _json = json.CurrentState;
                return bytes.Length - value.Length + literal.Length;
            }

            if (!isLast && literal.StartsWith(value))
            {
                return 0;
            }
        }

        return null;
    }
}

internal static class ArrayPoolExtensions
{
    /// <summary>Replaces a rented array with a larger array that has the same content.</summary>
    public static T[] Grow<T>(this ArrayPool<T> pool, T[] old, int capacity)
    {
        var grown = pool.Rent(capacity);
        old.CopyTo(grown, 0);
        pool.Return(old);
        return grown;
    }
}

/// <summary>
/// Maps an interval of the reply to a requested bucket. Genesys counts buckets from the start of the requested interval, and can return a shorter last bucket.
/// Any other interval that was not requested makes the reply unreadable, because its values would be assigned to the wrong bucket.
/// </summary>
internal sealed class BucketIntervalParser(ImmutableArray<Instant> edges)
{
    private readonly Utf8StringTable _seen = new();
    private readonly List<int> _buckets = [];

    public int BucketOf(ref Utf8JsonReader json)
    {
        var number = _seen.NumberOf(ref json);
        if (number == _buckets.Count)
        {
            _buckets.Add(FindBucket(_seen[number]));
        }

        return _buckets[number];
    }

    private int FindBucket(string interval)
    {
        var slash = interval.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || InstantOf(interval[..slash]) is not { } start || InstantOf(interval[(slash + 1)..]) is not { } end)
        {
            throw GenesysExceptionFactory.UnrequestedBucket($"the bucket '{Shown(interval)}' is not an interval");
        }

        var bucket = edges.BinarySearch(start);
        var last = edges.Length - 2;
        if (bucket < 0 || bucket > last || !(end == edges[bucket + 1] || (bucket == last && end > start && end < edges[^1])))
        {
            throw GenesysExceptionFactory.UnrequestedBucket($"its bucket '{Shown(interval)}' was not requested");
        }

        return bucket;
    }

    // Accepts an offset or Z, with or without fractions of a second.
    private static Instant? InstantOf(string text) =>
        OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true, Value: var time } ? time.ToInstant() : null;

    private static string Shown(string interval) => new([.. interval.Take(80).Where(character => !char.IsControl(character))]);
}
