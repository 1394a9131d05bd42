using System.Buffers;
using System.Globalization;
using System.Text;

namespace GenesysAnalyticsApi.Text;

/// <summary>
/// A caller's input in the form in which an error message may repeat it: shortened, without characters that affect its display (line breaks, direction marks,
/// unpaired surrogates) and without accidentally pasted keys.
/// </summary>
internal static class InputExcerpt
{
    private const int MaxLength = 100;

    // Enough to recognize a queue. Error messages list up to three names.
    private const int MaxNameLength = 80;

    private static readonly SearchValues<char> PrintableAscii = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)]);

    public static string Of(string given)
    {
        // The text is shortened first, which limits the cost of redaction. The redactor also recognizes the beginning of a key.
        var start = given.Length > MaxLength ? given[..MaxLength] : given;
        var shown = SecretRedactor.Redact(start.AsSpan().ContainsAnyExcept(PrintableAscii) ? Readable(start) : start);
        return given.Length > MaxLength ? $"{shown}…" : shown;
    }

    /// <summary>A queue's name, which is not a secret, cut after a complete letter with its combining marks.</summary>
    public static string OfName(string name)
    {
        var length = 0;
        while (length < name.Length && length + StringInfo.GetNextTextElementLength(name, length) is <= MaxNameLength and var next)
        {
            length = next;
        }

        // One letter can have hundreds of marks. It is then cut between them.
        length = length == 0 ? Math.Min(name.Length, MaxNameLength) : length;
        return length < name.Length ? $"{Readable(name[..length])}…" : Readable(name);
    }

    // A surrogate that was cut from its pair becomes U+FFFD.
    private static string Readable(string shown) => string.Concat(shown.EnumerateRunes().Select(letter => Rune.GetUnicodeCategory(letter)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            ? Rune.ReplacementChar
            : letter));
}
