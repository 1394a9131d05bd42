using System.Text.Json;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Splits a reply into tokens incrementally. NaN and Infinity are not JSON, but some serializers write them as numbers. They are passed on as
/// strings, so that they invalidate only their own statistic, not the whole reply.
/// </summary>
internal sealed class AggregatesReplyTokenizer(AggregatesReplyParser parser)
{
    private static readonly (byte[] Literal, byte[] Text)[] NotFinite =
    [
        ("NaN"u8.ToArray(), "\"NaN\""u8.ToArray()),
        ("Infinity"u8.ToArray(), "\"Infinity\""u8.ToArray()),
        ("-Infinity"u8.ToArray(), "\"-Infinity\""u8.ToArray()),
    ];

    private JsonReaderState _json;

    /// <summary>Processes all complete tokens and returns the number of bytes consumed.</summary>
    public int Feed(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var consumed = 0;
        while (true)
        {
            var json = new Utf8JsonReader(bytes[consumed..], isLast, _json);
            try
            {
                while (json.Read())
                {
                    parser.Take(ref json);
                }

                _json = json.CurrentState;
                return consumed + (int)json.BytesConsumed;
            }
            catch (JsonException) when (json.TokenType == JsonTokenType.PropertyName)
            {
                // The reader is positioned after a property name, so state and position are those before the value.
                _json = json.CurrentState;
                consumed += (int)json.BytesConsumed;
                var length = TakeNotFinite(bytes[consumed..], isLast);
                if (length < 0)
                {
                    throw;
                }

                if (length == 0)
                {
                    return consumed;
                }

                consumed += length;
            }
        }
    }

    /// <returns>The number of bytes consumed; 0 if more bytes are needed, -1 if the value is something else.</returns>
    private int TakeNotFinite(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var value = bytes.TrimStart(" \t\r\n"u8);
        foreach (var (literal, text) in NotFinite)
        {
            if (value.StartsWith(literal))
            {
                var json = new Utf8JsonReader(text, isFinalBlock: false, _json);
                json.Read();
                parser.Take(ref json);
                _json = json.CurrentState;
                return bytes.Length - value.Length + literal.Length;
            }

            if (!isLast && literal.AsSpan().StartsWith(value))
            {
                return 0;
            }
        }

        return -1;
    }
}
