using GenesysAnalyticsApi.Errors;
using NodaTime;
using NodaTime.TimeZones;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>The IANA zone that another way of naming a zone means, for hints. An abbreviation such as CST or IST means several and gets none.</summary>
internal static class TimeZoneNames
{
    private static readonly IReadOnlyCollection<string> Known = [.. DateTimeZoneProviders.Tzdb.Ids];

    // By the last part: Berlin is in one zone's name only.
    private static readonly ILookup<string, string> ByCity = TzdbDateTimeZoneSource.Default.ZoneLocations!
        .Select(location => location.ZoneId).Distinct(StringComparer.Ordinal)
        .ToLookup(id => Synonyms.Letters(id[(id.LastIndexOf('/') + 1)..]), StringComparer.Ordinal);

    // Unicode's CLDR table, as NodaTime has it.
    private static readonly Dictionary<string, string> ByWindowsName =
        new(TzdbDateTimeZoneSource.Default.WindowsMapping.PrimaryMapping, StringComparer.OrdinalIgnoreCase);

    public static string? Meant(string given) =>
        given.Equals("Z", StringComparison.OrdinalIgnoreCase) ? "UTC"
        : Closest.SameLetters(given, Known) is { } known ? known
        : ByWindowsName.TryGetValue(given.Trim(), out var zone) ? zone
        : ByCity[Synonyms.Letters(given)].ToList() is [var city] ? city
        // A zone with its continent can be misspelt; few letters alone are as near to many.
        : given.Contains('/', StringComparison.Ordinal) && Closest.Slip(given, Known) is { } slip && EditDistance.Between(given, slip) < 2 ? slip
        : null;
}
