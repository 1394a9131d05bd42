using System.Collections.Frozen;

namespace GenesysAnalyticsApi.Text;

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
