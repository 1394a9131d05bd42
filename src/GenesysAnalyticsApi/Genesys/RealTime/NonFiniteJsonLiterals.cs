namespace GenesysAnalyticsApi.Genesys.RealTime;

/// <summary>
/// NaN and Infinity are not JSON, but some serializers write them as numbers. Such a number must invalidate only its own value, not the reply.
/// </summary>
internal static class NonFiniteJsonLiterals
{
    private static readonly byte[][] Literals = ["-Infinity"u8.ToArray(), "Infinity"u8.ToArray(), "NaN"u8.ToArray()];

    /// <summary>
    /// Replaces NaN and Infinity outside of strings with <c>false</c>, which is read as an invalid number. Returns null if the text contains neither.
    /// </summary>
    public static byte[]? Replace(ReadOnlySpan<byte> json)
    {
        using var replaced = new MemoryStream(json.Length);
        var (hasAny, isInText) = (false, false);
        for (var index = 0; index < json.Length;)
        {
            if (isInText && json[index] == '\\' && index + 1 < json.Length)
            {
                replaced.Write(json.Slice(index, 2));
                index += 2;
                continue;
            }

            isInText ^= json[index] == '"';
            if (!isInText && LengthAt(json[index..]) is var length and > 0)
            {
                replaced.Write("false"u8);
                (hasAny, index) = (true, index + length);
                continue;
            }

            replaced.WriteByte(json[index++]);
        }

        return hasAny ? replaced.ToArray() : null;
    }

    private static int LengthAt(ReadOnlySpan<byte> json)
    {
        foreach (var literal in Literals)
        {
            if (json.StartsWith(literal))
            {
                return literal.Length;
            }
        }

        return 0;
    }
}
