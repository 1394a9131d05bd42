namespace GenesysAnalyticsApi.Genesys.RealTime;

/// <summary>NaN and Infinity are not JSON, but some serializers write them as numbers. They must invalidate only their own value.</summary>
internal static class NonFiniteJsonLiterals
{
    private static readonly byte[][] Literals = ["-Infinity"u8.ToArray(), "Infinity"u8.ToArray(), "NaN"u8.ToArray()];

    /// <summary>Replaces them with <c>false</c>, which is read as an invalid number. Returns null if there are none.</summary>
    public static byte[]? Replace(ReadOnlySpan<byte> json)
    {
        using var replaced = new MemoryStream(json.Length);
        var (hasAny, isInText) = (false, false);
        for (var at = 0; at < json.Length;)
        {
            if (isInText && json[at] == '\\' && at + 1 < json.Length)
            {
                replaced.Write(json.Slice(at, 2));
                at += 2;
                continue;
            }

            isInText ^= json[at] == '"';
            if (!isInText && LengthAt(json[at..]) is var length and > 0)
            {
                replaced.Write("false"u8);
                (hasAny, at) = (true, at + length);
                continue;
            }

            replaced.WriteByte(json[at++]);
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
