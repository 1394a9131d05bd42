using System.Collections.Frozen;

namespace GenesysAnalyticsApi.Text;

/// <summary>Maps other common names to known names. The table is maintained by hand, because similar spelling does not imply similar meaning.</summary>
internal sealed class Synonyms
{
    private readonly FrozenDictionary<string, string[]> _meant;

    /// <param name="meanings">
    /// Known names with their synonyms, separated by spaces. A synonym may stand for several names; each endpoint knows at most one of them.
    /// </param>
    public Synonyms(params (string Meant, string Words)[] meanings) =>
        _meant = meanings
            .SelectMany(meaning => meaning.Words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => (Word: Letters(word), meaning.Meant)))
            .GroupBy(meaning => meaning.Word, meaning => meaning.Meant, StringComparer.Ordinal)
            .ToFrozenDictionary(word => word.Key, word => word.ToArray(), StringComparer.Ordinal);

    /// <summary>Returns the known name for a synonym, or null.</summary>
    public string? Find(string given, IReadOnlyCollection<string> known) =>
        _meant.TryGetValue(Letters(given), out var meant) ? Array.Find(meant, known.Contains) : null;

    /// <summary>Removes case and separators from a word.</summary>
    public static string Letters(string word) => string.Concat(word.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
