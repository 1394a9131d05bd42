using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Text;
using NodaTime.Text;
using NodaTime.TimeZones;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>
/// Reads durations as people write them, such as <c>PT24H</c>, <c>1h</c>, <c>15 min</c> or <c>daily</c>. Used for hints only: parameters accept
/// ISO-8601. Granularities are matched by length, not by spelling.
/// </summary>
internal static class DurationHints
{
    /// <summary>The granularity of exactly this length, or null.</summary>
    public static string? AsGranularity(string text) => Read(text) switch
    {
        { Months: 1, Days: 0, Minutes: 0 } => "P1M",
        { Months: 0 } length => Granularity.All.FirstOrDefault(known => known.Unit != GranularityUnit.Month && known.Minutes == (length.Days * 1440) + length.Minutes)?.Iso,
        _ => null,
    };

    /// <summary>The same length in ISO-8601, or null if the text cannot be read.</summary>
    public static string? AsDuration(string text) => Read(text) switch
    {
        { Months: > 0 and var months, Days: 0, Minutes: 0 } => $"P{months}M",
        { Months: 0, Days: > 0 and var days, Minutes: 0 } => $"P{days}D",
        { Months: 0, Days: 0, Minutes: > 0 and var minutes } => minutes % 60 == 0 ? $"PT{minutes / 60}H" : $"PT{minutes}M",
        _ => null,
    };

    private static Length? Read(string text)
    {
        var given = text.Trim();
        return given.Length > 24 ? null : ReadIso(given.ToUpperInvariant()) ?? ReadWords(given);
    }

    private static Length? ReadIso(string text)
    {
        if (PeriodPattern.Roundtrip.Parse(text) is not { Success: true, Value: var period })
        {
            return null;
        }

        try
        {
            var clock = new PeriodBuilder(period) { Years = 0, Months = 0, Weeks = 0, Days = 0 }.Build().ToDuration();
            return clock.TotalMinutes is >= 0 and < 1e9 and var minutes && minutes == Math.Floor(minutes)
                ? new((period.Years * 12L) + period.Months, (period.Weeks * 7L) + period.Days, (long)minutes)
                : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static Length? ReadWords(string text)
    {
        // No regular expression: it would need a timeout, which a busy machine could exceed.
        var isIso = text is ['P' or 'p', ..];
        var rest = (isIso ? text[1..].TrimStart('T', 't') : text).TrimStart();
        var digits = rest.Length - rest.AsSpan().TrimStart("0123456789").Length;
        var hasNumber = digits > 0;
        if (digits > 9 || (isIso && !hasNumber))
        {
            return null;
        }

        var number = hasNumber ? long.Parse(rest.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture) : 1;
        return rest[digits..].TrimStart(' ', '_', '-') switch
        {
            // A single letter is ambiguous. With a number, other tools use a capital M for months.
            [_] when !hasNumber => null,
            "M" when !isIso => new(number, 0, 0),
            var unit => unit.ToUpperInvariant() switch
            {
                "S" or "SEC" or "SECS" or "SECOND" or "SECONDS" => hasNumber && number % 60 == 0 ? new(0, 0, number / 60) : null,
                "M" or "MIN" or "MINS" or "MINUTE" or "MINUTES" => new(0, 0, number),
                "HALFHOUR" or "HALF-HOUR" or "HALF_HOUR" => new(0, 0, number * 30),
                "H" or "HR" or "HRS" or "HOUR" or "HOURS" or "HOURLY" => new(0, 0, number * 60),
                "D" or "DAY" or "DAYS" or "DAILY" => new(0, number, 0),
                "W" or "WK" or "WEEK" or "WEEKS" or "WEEKLY" => new(0, number * 7, 0),
                "MO" or "MON" or "MONTH" or "MONTHS" or "MONTHLY" => new(number, 0, 0),
                _ => null,
            },
        };
    }

    private readonly record struct Length(long Months, long Days, long Minutes);
}

/// <summary>Finds the IANA zone for other names of a time zone, for hints. Abbreviations such as CST or IST are ambiguous and get no hint.</summary>
internal static class TimeZoneHints
{
    private static readonly IReadOnlyCollection<string> Known = [.. DateTimeZoneProviders.Tzdb.Ids];

    // Keyed by the last part of the name: only one zone is named Berlin.
    private static readonly ILookup<string, string> ByCity = TzdbDateTimeZoneSource.Default.ZoneLocations!
        .Select(location => location.ZoneId).Distinct(StringComparer.Ordinal)
        .ToLookup(id => Synonyms.Letters(id[(id.LastIndexOf('/') + 1)..]), StringComparer.Ordinal);

    // The Unicode CLDR table that NodaTime includes.
    private static readonly Dictionary<string, string> ByWindowsName =
        new(TzdbDateTimeZoneSource.Default.WindowsMapping.PrimaryMapping, StringComparer.OrdinalIgnoreCase);

    public static string? Meant(string given) =>
        given.Equals("Z", StringComparison.OrdinalIgnoreCase) ? "UTC"
        : DidYouMean.SameLetters(given, Known) is { } known ? known
        : ByWindowsName.TryGetValue(given.Trim(), out var zone) ? zone
        : ByCity[Synonyms.Letters(given)].ToList() is [var city] ? city
        // Only names with a continent are checked for misspellings: short names resemble too many others.
        : given.Contains('/', StringComparison.Ordinal) && DidYouMean.Typo(given, Known) is { } typo && EditDistance.Between(given, typo) < 2 ? typo
        : null;
}
