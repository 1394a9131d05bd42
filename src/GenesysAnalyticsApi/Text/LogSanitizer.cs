using System.Buffers;
using System.Globalization;
using System.Text;

namespace GenesysAnalyticsApi.Text;

/// <summary>
/// Text as a log may show it: what ends a line, moves the cursor or turns the direction of reading is written as <c>\u000a</c>.
/// </summary>
internal static class LogSanitizer
{
    // Controls, the line and paragraph separators, direction marks and the mark of byte order.
    private static readonly SearchValues<char> Acting = SearchValues.Create(
        [.. Range('\u0000', '\u001f'), .. Range('\u007f', '\u009f'), '\u061c', .. Range('\u200e', '\u200f'), .. Range('\u2028', '\u202e'), .. Range('\u2066', '\u2069'), '\ufeff']);

    /// <summary>The text itself where it is harmless.</summary>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAny(Acting))
        {
            return text;
        }

        var line = new StringBuilder();
        foreach (var letter in text)
        {
            _ = Acting.Contains(letter) ? line.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}") : line.Append(letter);
        }

        return line.ToString();
    }

    private static IEnumerable<char> Range(char first, char last) => Enumerable.Range(first, last - first + 1).Select(code => (char)code);
}
