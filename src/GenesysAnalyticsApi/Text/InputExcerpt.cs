using System.Buffers;
using System.Globalization;
using System.Text;

namespace GenesysAnalyticsApi.Text;

/// <summary>
/// Prepares the input of a caller for error messages: shortens the input, replaces characters that affect its display (line breaks, direction marks, unpaired
/// surrogates), and masks accidentally pasted keys.
/// </summary>
internal static class InputExcerpt
{
    private const int MaxLength = 100;

    // This length is enough to recognize a queue. It is shorter than MaxLength, because an error message can list several names.
    private const int MaxNameLength = 80;

    private static readonly SearchValues<char> PrintableAscii = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)]);

    public static string Of(string given)
    {
        // The text is shortened first, to limit the time for redaction. The redactor recognizes even the beginning of a key.
        var start = given.Length > MaxLength ? given[..MaxLength] : given;
        var shown = SecretRedactor.Redact(start.AsSpan().ContainsAnyExcept(PrintableAscii) ? Readable(start) : start);
        return given.Length > MaxLength ? $"{shown}…" : shown;
    }

    /// <summary>
    /// Prepares the name of a queue, which is not a secret and therefore not redacted. A long name is cut after a complete letter with its combining marks.
    /// </summary>
    public static string OfName(string name)
    {
        var length = 0;
        while (length < name.Length && length + StringInfo.GetNextTextElementLength(name, length) is <= MaxNameLength and var next)
        {
            length = next;
        }

        // A letter can have hundreds of marks. If the first letter with its marks is too long, the name is cut between two marks.
        length = length == 0 ? Math.Min(name.Length, MaxNameLength) : length;
        return length < name.Length ? $"{Readable(name[..length])}…" : Readable(name);
    }

    // An unpaired surrogate, which a cut can leave at the end, becomes U+FFFD too.
    private static string Readable(string shown) => string.Concat(shown.EnumerateRunes().Select(letter => Rune.GetUnicodeCategory(letter)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            ? Rune.ReplacementChar
            : letter));
}
