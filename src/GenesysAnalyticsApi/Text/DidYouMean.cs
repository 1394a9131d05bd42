using System.Collections.Frozen;

namespace GenesysAnalyticsApi.Text;

/// <summary>
/// Suggests the known name that a caller most likely meant. The given name can be the same name in another style, a synonym, or a typo. A wrong suggestion
/// misleads, so there is no suggestion in doubtful cases.
/// </summary>
internal static class DidYouMean
{
    // Names are short. A much longer value is not a typo of a name, and comparing such a value would take time.
    private const int MaxLength = 64;

    /// <summary>The maximum number of known names that a message lists.</summary>
    public const int MaxListed = 16;

    /// <summary>Returns the name that the caller probably meant, or null.</summary>
    public static string? To(string given, IReadOnlyCollection<string> known, Synonyms? synonyms = null) =>
        given.Length is 0 or > MaxLength ? null : SameLetters(given, known) ?? synonyms?.Find(given, known) ?? Typo(given, known);

    /// <summary>
    /// Formats "'x' is not …: use one of …", with a suggestion if there is a clear one. If there are too many known names, the message says where they are
    /// listed.
    /// </summary>
    /// <param name="listedIn">Where the caller finds the known names. Null if <paramref name="what"/> says what is accepted, or if there are always few names.</param>
    public static string Message(string given, string what, IReadOnlyCollection<string> known, Synonyms? synonyms = null, string? listedIn = null) =>
        MessageWith(To(given, known, synonyms), given, what, known, listedIn);

    /// <param name="suggestion">Null if there is no suggestion.</param>
    public static string MessageWith(string? suggestion, string given, string what, IReadOnlyCollection<string> known, string? listedIn = null)
    {
        var hint = suggestion is null ? "" : $" Did you mean '{suggestion}'?";
        return $"'{InputExcerpt.Of(given)}' is not {what}" + known.Count switch
        {
            0 => ": there are none.",
            1 => $": use {known.First()}.",
            <= MaxListed => $": use one of {string.Join(", ", known)}.{hint}",
            _ when listedIn is not null => $": use one that {listedIn} lists.{hint}",
            _ => $".{hint}",
        };
    }

    /// <summary>
    /// Returns the known name that differs only in case and separators, such as <c>timeZone</c> for <c>time_zone</c>. Null if there is none, or if several
    /// known names differ only in this way.
    /// </summary>
    public static string? SameLetters(string given, IEnumerable<string> known)
    {
        if (given.Length > MaxLength || Synonyms.Letters(given) is not { Length: > 0 } letters)
        {
            return null;
        }

        var candidates = known.Where(name => Synonyms.Letters(name) == letters).ToList();
        return candidates is [var single] ? single : candidates.SingleOrDefault(name => name.Equals(given, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Returns the known name that the caller probably mistyped. Null if no name is close enough, or if several names are equally close.</summary>
    public static string? Typo(string given, IEnumerable<string> known)
    {
        if (given.Length > MaxLength)
        {
            return null;
        }

        var candidates = known
            .Where(name => IsTypo(given, name))
            .GroupBy(name => EditDistance.Between(given, name))
            .MinBy(group => group.Key)?
            .ToList();
        return candidates is [var single] ? single : null;
    }

    private static bool IsTypo(string given, string name)
    {
        var (words, known) = (Words(given), Words(name));
        return EditDistance.Between(given, name) <= 2
            && (words.Length == known.Length ? words.Zip(known).All(pair => IsTypoOfWord(pair.First, pair.Second)) : IsTypoOfWord(given, name));
    }

    private static bool IsTypoOfWord(string given, string name)
    {
        var (minLength, distance) = (Math.Min(given.Length, name.Length), EditDistance.Between(given, name));
        return minLength switch
        {
            _ when distance == 0 => true,
            // Different digits mean a different number, not a typo: last-30-days is not last-28-days.
            _ when name.Any(char.IsAsciiDigit) && !given.Where(char.IsAsciiDigit).SequenceEqual(name.Where(char.IsAsciiDigit)) => false,
            < 4 => false,
            // Replacing one letter of a short word gives another word, such as list and last.
            4 => distance == 1 && (given.Length != name.Length || HasSameLetters(given, name)),
            < 8 => distance == 1,
            _ => distance <= 2,
        };
    }

    private static string[] Words(string name) => name.Split(['-', '_', '/', ' ', '.']);

    private static bool HasSameLetters(string given, string name) =>
        given.ToUpperInvariant().Order().SequenceEqual(name.ToUpperInvariant().Order());
}

/// <summary>Maps other common names to known names. The table is maintained by hand, because similar spelling does not imply similar meaning.</summary>
internal sealed class Synonyms
{
    private readonly FrozenDictionary<string, string[]> _namesBySynonym;

    /// <param name="meanings">
    /// Known names, each with its synonyms separated by spaces. A synonym can stand for several names; the first one that the endpoint knows applies.
    /// </param>
    public Synonyms(params (string Name, string Words)[] meanings) =>
        _namesBySynonym = meanings
            .SelectMany(meaning => meaning.Words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => (Word: Letters(word), meaning.Name)))
            .GroupBy(meaning => meaning.Word, meaning => meaning.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(word => word.Key, word => word.ToArray(), StringComparer.Ordinal);

    /// <summary>Returns the known name for a synonym, or null.</summary>
    public string? Find(string given, IReadOnlyCollection<string> known) =>
        _namesBySynonym.TryGetValue(Letters(given), out var names) ? Array.Find(names, known.Contains) : null;

    /// <summary>Returns the letters and digits of a word, in lower case.</summary>
    public static string Letters(string word) => string.Concat(word.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
