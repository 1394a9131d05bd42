namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// Guesses the region that an unknown value of <c>Genesys:Region</c> means: a UI address, a location as AWS consoles write it
/// (<c>EU (Frankfurt)</c>), or a name without its number or hyphens. No hint is better than a wrong one.
/// </summary>
internal static class GenesysRegionHint
{
    /// <summary>Region → the location that the hint shows, and other names for it.</summary>
    private static readonly (string Region, string Place, string[] Words)[] Places =
    [
        ("us-east-1", "N. Virginia", ["virginia", "nvirginia"]),
        ("us-east-2", "FedRAMP, US government", ["fedramp", "gov", "government", "usgov", "ohio"]),
        ("us-west-2", "Oregon", ["oregon"]),
        ("ca-central-1", "Canada", ["canada", "montreal"]),
        ("mx-central-1", "Mexico", ["mexico", "queretaro"]),
        ("sa-east-1", "Sao Paulo", ["saopaulo", "paulo", "brazil", "brasil"]),
        ("eu-west-1", "Ireland", ["ireland", "irland", "dublin"]),
        ("eu-west-2", "London", ["london", "uk", "england", "britain", "unitedkingdom"]),
        ("eu-central-1", "Frankfurt", ["frankfurt", "germany", "deutschland"]),
        ("eu-central-2", "Zurich", ["zurich", "zuerich", "switzerland", "schweiz"]),
        ("eusc-de-east-1", "AWS European Sovereign Cloud", ["sovereign", "brandenburg"]),
        ("me-central-1", "UAE", ["uae", "emirates", "dubai"]),
        ("ap-south-1", "Mumbai", ["mumbai", "india"]),
        ("ap-southeast-1", "Singapore", ["singapore"]),
        ("ap-southeast-2", "Sydney", ["sydney", "australia"]),
        ("ap-northeast-1", "Tokyo", ["tokyo", "japan"]),
        ("ap-northeast-2", "Seoul", ["seoul", "korea"]),
        ("ap-northeast-3", "Osaka", ["osaka"]),
    ];

    /// <summary>Returns a "Did you mean" sentence with a leading space, or an empty string if no region is likely enough.</summary>
    public static string For(string? region)
    {
        var found = Meant(region ?? "");
        return found.Count == 0 ? "" : $" Did you mean {string.Join(" or ", found.Select(one => $"'{one.Region}' ({one.Place})"))}?";
    }

    private static List<(string Region, string Place, string[] Words)> Meant(string region)
    {
        // Text of this length is not a misspelt region.
        if (region.Length > 500)
        {
            return [];
        }

        if (GenesysRegions.InAddress(region) is { } addressed)
        {
            return [.. Places.Where(place => place.Region == addressed.Name)];
        }

        var words = WordsOf(region);
        var whole = string.Concat(words);
        var named = Places.Where(place => whole == Letters(place.Region) || whole == ShortName(place.Region) || Follow(words, place.Region.Split('-'))).ToList();
        var placed = named.Count > 0 ? named : [.. Places.Where(place => place.Words.Any(name => words.Contains(name) || whole == name || Follow(words, name)))];
        return placed.Count > 0 ? placed : [.. Places.Where(place => IsWithoutNumber(words, whole, place.Region))];
    }

    /// <summary><c>us_east</c>, <c>eu-central</c> and <c>Americas (US East)</c> match every region of that name. A different number is a different region.</summary>
    private static bool IsWithoutNumber(string[] words, string whole, string region)
    {
        var direction = region.Split('-')[..^1];
        return !whole.Any(char.IsAsciiDigit) && (whole == string.Concat(direction) || Follow(words, direction));
    }

    private static bool Follow(string[] words, string[] sought) =>
        Enumerable.Range(0, Math.Max(0, words.Length - sought.Length + 1)).Any(start => words.AsSpan(start, sought.Length).SequenceEqual(sought));

    /// <summary>Matches names that consist of two words, such as <c>sao paulo</c>.</summary>
    private static bool Follow(string[] words, string name) => words.Zip(words.Skip(1), string.Concat).Contains(name);

    private static string Letters(string region) => region.Replace("-", "", StringComparison.Ordinal);

    /// <summary>The form that Genesys domains use: <c>euw2</c>, <c>apse1</c>.</summary>
    private static string ShortName(string region)
    {
        var parts = region.Split('-');
        var direction = parts[^2] switch
        {
            "southeast" => "se",
            "northeast" => "ne",
            var one => one[..1],
        };
        return $"{string.Concat(parts[..^2])}{direction}{parts[^1]}";
    }

    /// <summary>Splits a text into lower-case words of letters and digits.</summary>
    private static string[] WordsOf(string text) =>
        string.Concat(text.ToLowerInvariant().Select(letter => Plain(letter))).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Covers the letters of these locations. Unicode normalisation is unavailable because the service runs in invariant globalization mode.</summary>
    private static char Plain(char letter) => letter switch
    {
        'ü' => 'u',
        'ã' => 'a',
        'é' => 'e',
        _ => char.IsAsciiLetterOrDigit(letter) ? letter : ' ',
    };
}
