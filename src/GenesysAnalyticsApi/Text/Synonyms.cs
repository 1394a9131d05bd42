using System.Collections.Frozen;

namespace GenesysAnalyticsApi.Text;

/// <summary>What people write instead of a name that is known here. A table made by hand: letters that look alike say nothing of a meaning.</summary>
internal sealed class Synonyms
{
    private readonly FrozenDictionary<string, string[]> _meant;

    /// <param name="meanings">Known names with the words for each, separated by blanks. A word may stand for several names, of which an endpoint knows one.</param>
    public Synonyms(params (string Meant, string Words)[] meanings) =>
        _meant = meanings
            .SelectMany(meaning => meaning.Words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => (Word: Letters(word), meaning.Meant)))
            .GroupBy(meaning => meaning.Word, meaning => meaning.Meant, StringComparer.Ordinal)
            .ToFrozenDictionary(word => word.Key, word => word.ToArray(), StringComparer.Ordinal);

    /// <summary>The known name that the word stands for; null where it stands for none of them.</summary>
    public string? Find(string given, IReadOnlyCollection<string> known) =>
        _meant.TryGetValue(Letters(given), out var meant) ? Array.Find(meant, known.Contains) : null;

    /// <summary>A word without its case and without what stands between its parts.</summary>
    public static string Letters(string word) => string.Concat(word.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
