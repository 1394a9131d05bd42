using System.Buffers;
using System.Globalization;
using System.Text;

namespace GenesysAnalyticsApi.Text;

/// <summary>Makes text safe for logs: characters that end a line, move the cursor or change the reading direction are written as <c>\u000a</c>.</summary>
internal static class LogSanitizer
{
    // Control characters, line and paragraph separators, direction marks and the byte order mark.
    private static readonly SearchValues<char> Unsafe = SearchValues.Create(
        [.. Range('\u0000', '\u001f'), .. Range('\u007f', '\u009f'), '\u061c', .. Range('\u200e', '\u200f'), .. Range('\u2028', '\u202e'), .. Range('\u2066', '\u2069'), '\ufeff']);

    /// <summary>Returns the text itself if nothing has to be escaped.</summary>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAny(Unsafe))
        {
            return text;
        }

        var line = new StringBuilder();
        foreach (var letter in text)
        {
            _ = Unsafe.Contains(letter) ? line.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}") : line.Append(letter);
        }

        return line.ToString();
    }

    private static IEnumerable<char> Range(char first, char last) => Enumerable.Range(first, last - first + 1).Select(code => (char)code);
}
