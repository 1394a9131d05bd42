using System.Text;

namespace GenesysAnalyticsApi.Redis;

/// <summary>Text that came from Redis, where anything may have been written.</summary>
internal static class RedisText
{
    /// <summary>It is there, not longer than it may be, and can be written as UTF-8 again: JSON of half a surrogate pair cannot.</summary>
    public static bool IsValid(string? text, int longest)
    {
        if (text is null || text.Length > longest)
        {
            return false;
        }

        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var read) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            rest = rest[read..];
        }

        return true;
    }

    public static bool IsValidOrNull(string? text, int longest) => text is null || IsValid(text, longest);
}
