using System.Buffers;
using System.Globalization;
using System.Text;

namespace GenesysAnalyticsApi.Text;

/// <summary>
/// What a caller wrote, as an error may repeat it: its first letters, without characters that would act on whoever reads it (line
/// breaks, direction marks, halves of letters), and without keys that were pasted by mistake. An answer to nonsense stays small and shows what it is about.
/// </summary>
internal static class InputExcerpt
{
    private const int Most = 100;

    // Enough to know a queue by; three names of any length would make a page.
    private const int MostOfName = 80;

    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)]);

    public static string Of(string given)
    {
        // Cut first: what is masked is as long as it likes, and the beginning of a key is masked too.
        var start = given.Length > Most ? given[..Most] : given;
        var shown = SecretRedactor.Masked(start.AsSpan().ContainsAnyExcept(Plain) ? Readable(start) : start);
        return given.Length > Most ? $"{shown}…" : shown;
    }

    /// <summary>A queue's name, which is no secret: cut behind a whole letter, with all its marks and joints.</summary>
    public static string OfName(string name)
    {
        var length = 0;
        while (length < name.Length && length + StringInfo.GetNextTextElementLength(name, length) is <= MostOfName and var next)
        {
            length = next;
        }

        // One letter can have hundreds of marks.
        length = length == 0 ? Math.Min(name.Length, MostOfName) : length;
        return length < name.Length ? $"{Readable(name[..length])}…" : Readable(name);
    }

    private static string Readable(string shown)
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
