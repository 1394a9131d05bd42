using System.Buffers;
using System.Text;

namespace GenesysAnalyticsApi.Text;

/// <summary>Checks text that another program might have written.</summary>
internal static class UnicodeText
{
    /// <summary>Returns whether the text is not null, is not too long and is well-formed UTF-16. A lone surrogate cannot be written as JSON.</summary>
    public static bool IsValid(string? text, int maxLength)
    {
        if (text is null || text.Length > maxLength)
        {
            return false;
        }

        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var read) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[read..];
        }

        return true;
    }

    public static bool IsValidOrNull(string? text, int maxLength) => text is null || IsValid(text, maxLength);
}
