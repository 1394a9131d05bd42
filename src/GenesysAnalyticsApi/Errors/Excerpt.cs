using System.Buffers;
using System.Globalization;
using System.Text;

namespace GenesysAnalyticsApi.Errors;

/// <summary>
/// What a caller wrote, as an error may repeat it: its first letters, without characters that would act on whoever reads it (line
/// breaks, direction marks, halves of letters). An answer to nonsense stays small and shows what it is about.
/// </summary>
internal static class Excerpt
{
    private const int Most = 100;

    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)]);

    public static string Of(string given)
    {
        var shown = given.AsSpan(0, Math.Min(given.Length, Most));
        if (shown.ContainsAnyExcept(Plain))
        {
            return Readable(shown) + (given.Length > Most ? "…" : "");
        }

        return given.Length > Most ? $"{shown}…" : given;
    }

    private static string Readable(ReadOnlySpan<char> shown)
    {
        var text = new StringBuilder(shown.Length);
        // A letter that was cut in two at the end is a surrogate alone, which comes back as U+FFFD.
        foreach (var letter in shown.EnumerateRunes())
        {
            var acts = Rune.GetUnicodeCategory(letter)
                is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            text.Append(acts ? "\uFFFD" : letter.ToString());
        }

        return text.ToString();
    }
}
