using System.Buffers;

namespace GenesysAnalyticsApi.Text;

/// <summary>
/// Makes text safe for terminals and spreadsheets: characters that end a line, move the cursor or change the reading direction become U+FFFD.
/// </summary>
internal static class DisplayText
{
    /// <summary>Returns the text itself if nothing has to be replaced.</summary>
    public static string Of(string text) => text.AsSpan().ContainsAny(UnsafeCharacters.All)
        ? string.Concat(text.Select(letter => UnsafeCharacters.All.Contains(letter) ? '\uFFFD' : letter))
        : text;
}

/// <summary>Control characters, line and paragraph separators, direction marks and the byte order mark.</summary>
internal static class UnsafeCharacters
{
    public static readonly SearchValues<char> All = SearchValues.Create(
        [.. Range('\u0000', '\u001f'), .. Range('\u007f', '\u009f'), '\u061c', .. Range('\u200e', '\u200f'), .. Range('\u2028', '\u202e'), .. Range('\u2066', '\u2069'), '\ufeff']);

    private static IEnumerable<char> Range(char first, char last) => Enumerable.Range(first, last - first + 1).Select(code => (char)code);
}
