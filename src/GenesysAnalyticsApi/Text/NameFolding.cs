using System.Collections.Frozen;
using System.Text;

namespace GenesysAnalyticsApi.Text;

/// <summary>
/// Compares names as people see them. Names are equal if they look alike apart from case. The comparison uses canonical equivalence and culture-independent
/// full case folding (ß equals ss, İ equals i). It ignores surrounding white space and invisible characters, and treats inner white space as one space.
/// Characters that look different stay different, such as full-width and normal letters, or ı and i.
/// </summary>
internal static class NameFolding
{
    private const int DotAbove = 0x307;

    /// <summary>Letters with a fold of more than one letter. Letters with a canonical decomposition need no entry, because they are decomposed first.</summary>
    private static readonly FrozenDictionary<int, string> FullFolds = new (int Letter, string Fold)[]
    {
        (0xDF, "ss"), (0x1E9E, "ss"), (0x149, "\u02BCn"), (0x587, "\u0565\u0582"), (0x1E9A, "a\u02BE"),
        (0xFB00, "ff"), (0xFB01, "fi"), (0xFB02, "fl"), (0xFB03, "ffi"), (0xFB04, "ffl"), (0xFB05, "st"), (0xFB06, "st"),
        (0xFB13, "\u0574\u0576"), (0xFB14, "\u0574\u0565"), (0xFB15, "\u0574\u056B"), (0xFB16, "\u057E\u0576"), (0xFB17, "\u0574\u056D"),
    }.ToFrozenDictionary(full => full.Letter, full => full.Fold);

    /// <summary>Returns equal text for names that are equal regardless of case.</summary>
    public static string Folded(string name) =>
        Spaced(Ascii.IsValid(name) ? name.ToLowerInvariant() : string.Concat(Fold(UnicodeCanonical.Decompose(Visible(name)))));

    /// <summary>Returns equal text for names that are equal including case.</summary>
    public static string Spelled(string name) =>
        Spaced(Ascii.IsValid(name) ? name : string.Concat(UnicodeCanonical.Decompose(Visible(name))));

    private static List<Rune> Fold(List<Rune> text)
    {
        var folded = new List<Rune>(text.Count);
        foreach (var rune in text)
        {
            if (FullFolds.TryGetValue(rune.Value, out var letters))
            {
                folded.AddRange(letters.EnumerateRunes());
            }
            else if (rune.Value != DotAbove || !IsAfterI(folded))
            {
                folded.Add(Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)));
            }
        }

        return folded;
    }

    /// <summary>
    /// Returns whether the last letter is an i, which already has a dot. A dot above that follows this i is dropped, so İ, which is I with a dot above, folds
    /// to i.
    /// </summary>
    private static bool IsAfterI(List<Rune> folded)
    {
        var index = folded.Count - 1;
        while (index > 0 && UnicodeCanonical.ClassOf(folded[index]) is > 0 and not 230)
        {
            index--;
        }

        return index >= 0 && folded[index].Value == 'i';
    }

    // Removes soft hyphens, direction marks, zero-width spaces, word joiners, byte order marks and variation selectors. Letter joiners (U+200C, U+200D)
    // are kept, because they change how text looks.
    private static IEnumerable<Rune> Visible(string name) => name.EnumerateRunes().Where(rune => rune.Value
        is not (0xAD or 0x61C or 0x180E or 0x200B or 0x200E or 0x200F or (>= 0x202A and <= 0x202E)
            or (>= 0x2060 and <= 0x2064) or (>= 0x2066 and <= 0x206F) or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF));

    private static string Spaced(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
