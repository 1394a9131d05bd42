using System.Text.Json;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Makes tokens of an answer piece by piece. NaN and Infinity are no JSON, but some writers of JSON write them where a number is due: each
/// is handed on as a text, so that one of them spoils its own statistic and not the answer.
/// </summary>
internal sealed class AggregatesReplyTokenizer(AggregatesReplyParser tokens)
{
    private static readonly (byte[] Literal, byte[] Text)[] NotFinite =
    [
        ("NaN"u8.ToArray(), "\"NaN\""u8.ToArray()),
        ("Infinity"u8.ToArray(), "\"Infinity\""u8.ToArray()),
        ("-Infinity"u8.ToArray(), "\"-Infinity\""u8.ToArray()),
    ];

    private JsonReaderState _json;

    /// <summary>Takes what whole tokens there are, and tells how many bytes they had.</summary>
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
                    tokens.Take(ref json);
                }

                _json = json.CurrentState;
                return consumed + (int)json.BytesConsumed;
            }
            catch (JsonException) when (json.TokenType == JsonTokenType.PropertyName)
            {
                // The reader stands behind the name of a member: the state and the bytes are those before the value.
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

    /// <returns>How many bytes it had; 0 where the next bytes have to come first, -1 where it is something else.</returns>
    private int TakeNotFinite(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var value = bytes.TrimStart(" \t\r\n"u8);
        foreach (var (literal, text) in NotFinite)
        {
            if (value.StartsWith(literal))
            {
                var json = new Utf8JsonReader(text, isFinalBlock: false, _json);
                json.Read();
                tokens.Take(ref json);
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
