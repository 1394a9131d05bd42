namespace GenesysAnalyticsApi.Text;

/// <summary>
/// Suggests the known name that a caller most likely meant: the same letters in another style, a synonym, or a typo. A wrong suggestion misleads, so
/// there is none in doubtful cases.
/// </summary>
internal static class DidYouMean
{
    // Names are short. A much longer value is not a typo, and comparing it would take time.
    private const int MaxLength = 64;

    /// <summary>Returns the name that was probably meant, or null.</summary>
    public static string? To(string given, IReadOnlyCollection<string> known, Synonyms? synonyms = null) =>
        given.Length is 0 or > MaxLength ? null : SameLetters(given, known) ?? synonyms?.Find(given, known) ?? Typo(given, known);

    /// <summary>Formats "'x' is not …: accepted are …", with a suggestion if there is a clear one.</summary>
    public static string Message(string given, string what, IReadOnlyCollection<string> known, Synonyms? synonyms = null) =>
        MessageWith(To(given, known, synonyms), given, what, known);

    /// <param name="meant">The suggestion; null for none.</param>
    public static string MessageWith(string? meant, string given, string what, IReadOnlyCollection<string> known)
    {
        var hint = meant is null ? "" : $" Did you mean '{meant}'?";
        return known.Count <= 16
            ? $"'{InputExcerpt.Of(given)}' is not {what}: accepted are {string.Join(", ", known)}.{hint}"
            : $"'{InputExcerpt.Of(given)}' is not {what}.{hint}";
    }

    /// <summary>Ignores case and separators: <c>time_zone</c>, <c>ThisWeek</c>.</summary>
    public static string? SameLetters(string given, IEnumerable<string> known)
    {
        if (given.Length > MaxLength || Synonyms.Letters(given) is not { Length: > 0 } letters)
        {
            return null;
        }

        var alike = known.Where(name => Synonyms.Letters(name) == letters).ToList();
        return alike is [var only] ? only : alike.SingleOrDefault(name => name.Equals(given, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Returns the only name that is close enough to be a typo.</summary>
    public static string? Typo(string given, IEnumerable<string> known)
    {
        if (given.Length > MaxLength)
        {
            return null;
        }

        var near = known
            .Where(name => IsTypo(given, name))
            .GroupBy(name => EditDistance.Between(given, name))
            .MinBy(alike => alike.Key)?
            .ToList();
        return near is [var only] ? only : null;
    }

    private static bool IsTypo(string given, string name)
    {
        var (words, known) = (Words(given), Words(name));
        return EditDistance.Between(given, name) <= 2
            && (words.Length == known.Length ? words.Zip(known).All(pair => IsTypoOfWord(pair.First, pair.Second)) : IsTypoOfWord(given, name));
    }

    private static bool IsTypoOfWord(string given, string name)
    {
        var (shorter, distance) = (Math.Min(given.Length, name.Length), EditDistance.Between(given, name));
        return shorter switch
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
