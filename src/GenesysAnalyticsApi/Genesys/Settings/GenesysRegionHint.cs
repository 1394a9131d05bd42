namespace GenesysAnalyticsApi.Genesys.Settings;

/// <summary>
/// Guesses which region an unknown value of <c>Genesys:Region</c> is meant to name. The value can be a UI address, a location as AWS consoles write it
/// (<c>EU (Frankfurt)</c>), or a name without its number or hyphens. If no region matches, there is no hint.
/// </summary>
internal static class GenesysRegionHint
{
    /// <summary>Returns a "Did you mean" sentence with a leading space, or an empty string if no region matches.</summary>
    public static string For(string? region)
    {
        var places = CandidatesFor(region ?? "");
        return places.Count == 0 ? "" : $" Did you mean {string.Join(" or ", places.Select(place => $"'{place.Region.Name}' ({place.Location})"))}?";
    }

    private static List<RegionPlace> CandidatesFor(string region)
    {
        // Text this long is not a misspelled region.
        if (region.Length > 500)
        {
            return [];
        }

        if (GenesysRegions.InAddress(region) is { } addressed)
        {
            return [.. GenesysRegions.Places.Where(place => place.Region == addressed)];
        }

        var words = WordsOf(region);
        var whole = string.Concat(words);
        Func<RegionPlace, bool>[] rules =
        [
            place => IsNamed(words, whole, place.Region.Name),
            place => place.Words.Any(name => words.Contains(name) || whole == name || ContainsPair(words, name)),
            place => IsWithoutNumber(words, whole, place.Region.Name),
        ];
        return rules.Select(rule => GenesysRegions.Places.Where(rule).ToList()).FirstOrDefault(places => places.Count > 0) ?? [];
    }

    private static bool IsNamed(string[] words, string whole, string region) =>
        whole == string.Concat(region.Split('-')) || whole == ShortName(region) || ContainsSequence(words, region.Split('-'));

    /// <summary>
    /// <c>us_east</c>, <c>eu-central</c> and <c>Americas (US East)</c> match every region with that name. Text with digits does not match, because a different
    /// number means a different region.
    /// </summary>
    private static bool IsWithoutNumber(string[] words, string whole, string region)
    {
        var direction = region.Split('-')[..^1];
        return !whole.Any(char.IsAsciiDigit) && (whole == string.Concat(direction) || ContainsSequence(words, direction));
    }

    private static bool ContainsSequence(string[] words, string[] sequence) =>
        Enumerable.Range(0, Math.Max(0, words.Length - sequence.Length + 1)).Any(start => words.AsSpan(start, sequence.Length).SequenceEqual(sequence));

    /// <summary>Matches names that consist of two words, such as <c>sao paulo</c>.</summary>
    private static bool ContainsPair(string[] words, string name) => words.Zip(words.Skip(1), string.Concat).Contains(name);

    /// <summary>The short form of a region name, as Genesys domains contain it: <c>euw2</c>, <c>apse1</c>.</summary>
    private static string ShortName(string region)
    {
        var parts = region.Split('-');
        var direction = parts[^2] switch
        {
            "southeast" => "se",
            "northeast" => "ne",
            var other => other[..1],
        };
        return $"{string.Concat(parts[..^2])}{direction}{parts[^1]}";
    }

    /// <summary>Splits a text into lower-case words of letters and digits.</summary>
    private static string[] WordsOf(string text) =>
        string.Concat(text.ToLowerInvariant().Select(letter => Plain(letter))).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// Replaces the accented letters that occur in the names of the locations, and replaces all characters except letters and digits with spaces. Unicode
    /// normalization is unavailable, because the service runs in globalization-invariant mode.
    /// </summary>
    private static char Plain(char letter) => letter switch
    {
        'ü' => 'u',
        'ã' => 'a',
        'é' => 'e',
        _ => char.IsAsciiLetterOrDigit(letter) ? letter : ' ',
    };
}
