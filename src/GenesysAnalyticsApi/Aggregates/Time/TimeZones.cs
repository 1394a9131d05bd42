using System.Collections.Frozen;
using System.Globalization;
using GenesysAnalyticsApi.Text;
using NodaTime.Text;
using NodaTime.TimeZones;

namespace GenesysAnalyticsApi.Aggregates.Time;

/// <summary>
/// Finds time zones by IANA name, by Windows name (Power BI, Excel) or by a fixed offset from UTC. Genesys accepts only IANA names, so for a fixed
/// offset the service sends a zone that keeps this offset during <see cref="SupportedTime"/>. If there is no such zone, it sends no zone.
/// </summary>
internal static class TimeZones
{
    // The interval begins a month before the first instant that a query can include, because slices of days can cover whole months.
    private static readonly Interval SupportedTime = new(Instant.FromUtc(2011, 11, 30, 0, 0), Instant.FromUtc(2040, 1, 1, 0, 0));

    public static readonly OffsetPattern Signed = OffsetPattern.CreateWithInvariantCulture("+HH:mm");

    // The Unicode CLDR table that NodaTime includes, with the current IANA names.
    private static readonly Dictionary<string, string> ByWindowsName = new(TzdbDateTimeZoneSource.Default.WindowsToTzdbIds, StringComparer.OrdinalIgnoreCase);

    // No two names differ only in case.
    private static readonly FrozenDictionary<string, string> ByIanaName = TzdbDateTimeZoneSource.Default.CanonicalIdMap.Keys.ToFrozenDictionary(id => id, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// For each offset, one of the zones that keep this offset during <see cref="SupportedTime"/>: the zone that has had the offset for the longest time.
    /// Computed on first use, because the computation examines every zone.
    /// </summary>
    private static readonly Lazy<FrozenDictionary<Offset, string>> ByOffset = new(() => TzdbDateTimeZoneSource.Default.CanonicalIdMap
        .Where(alias => alias.Key == alias.Value)
        .Select(alias => DateTimeZoneProviders.Tzdb[alias.Key])
        .Where(zone => zone.GetZoneIntervals(SupportedTime).Select(part => part.WallOffset).Distinct().Count() == 1)
        .Select(zone => (zone.Id, Part: zone.GetZoneInterval(SupportedTime.Start)))
        .GroupBy(zone => zone.Part.WallOffset)
        .ToFrozenDictionary(
            zones => zones.Key,
            zones => zones.OrderBy(zone => zone.Part.HasStart ? zone.Part.Start : Instant.MinValue).ThenBy(zone => zone.Id, StringComparer.Ordinal).First().Id));

    extension(DateTimeZone zone)
    {
        /// <summary>The name for callers: the IANA name, or an offset such as <c>+05:30</c>.</summary>
        public string Name => zone.IsOffset ? Signed.Format(zone.MinOffset) : zone.Id;

        /// <summary>The name for Genesys: an IANA name with the same local time, or null if there is no such name.</summary>
        public string? IanaName => zone.IsOffset ? ByOffset.Value.GetValueOrDefault(zone.MinOffset) : zone.Id;

        // No IANA name starts with UTC and a sign.
        private bool IsOffset => zone.Id is ['U', 'T', 'C', '+' or '-', ..];
    }

    /// <summary>Returns the zone; null for an unknown name.</summary>
    public static DateTimeZone? Find(string name) =>
        ByIanaName.TryGetValue(UnencodedPlus.Restore(name), out var iana) ? DateTimeZoneProviders.Tzdb[iana]
        : name.Equals("Z", StringComparison.OrdinalIgnoreCase) || name.Equals("UTC", StringComparison.OrdinalIgnoreCase) ? DateTimeZone.Utc
        : OffsetOf(name) is { } offset ? DateTimeZone.ForOffset(offset)
        : ByWindowsName.TryGetValue(name.Trim(), out var id) ? DateTimeZoneProviders.Tzdb[id]
        : null;

    /// <summary>
    /// Reads an offset such as <c>+05:30</c>, <c>+0530</c>, <c>+5:30</c> or <c>+05</c>, also after <c>UTC</c>. Accepts multiples of 15 minutes from -12:00 to
    /// +14:00, like the offsets of real time zones. Returns null for other text.
    /// </summary>
    public static Offset? OffsetOf(string name)
    {
        var signed = name.StartsWith("UTC", StringComparison.OrdinalIgnoreCase) ? name[3..] : name;
        // An unencoded plus sign arrives as a space.
        if (signed is not ['+' or '-' or ' ', .. var unsigned])
        {
            return null;
        }

        var (hourDigits, minuteDigits) = unsigned switch
        {
            [_] or [_, _] => (unsigned, "00"),
            [_, ':', _, _] or [_, _, ':', _, _] => (unsigned[..^3], unsigned[^2..]),
            [_, _, _, _] => (unsigned[..2], unsigned[2..]),
            _ => ("", ""),
        };
        if (!Read(hourDigits, out var hours) || !Read(minuteDigits, out var minutes) || minutes >= 60 || minutes % 15 != 0)
        {
            return null;
        }

        var total = ((hours * 60) + minutes) * (signed[0] == '-' ? -1 : 1);
        return total is >= -12 * 60 and <= 14 * 60 ? Offset.FromSeconds(total * 60) : null;

        static bool Read(string digits, out int number) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}

/// <summary>Finds the zone that an unknown name probably means. Abbreviations such as CST or IST are ambiguous and get no hint.</summary>
internal static class TimeZoneHints
{
    private static readonly IReadOnlyCollection<string> Known = [.. DateTimeZoneProviders.Tzdb.Ids];

    // The zones by the last part of their name. For most cities, such as Berlin, there is only one zone.
    private static readonly ILookup<string, string> ByCity = TzdbDateTimeZoneSource.Default.ZoneLocations!
        .Select(location => location.ZoneId).Distinct(StringComparer.Ordinal)
        .ToLookup(id => Synonyms.Letters(id[(id.LastIndexOf('/') + 1)..]), StringComparer.Ordinal);

    /// <summary>Says why the name is not a time zone. Suggests the zone that it probably means, or lists its possible meanings.</summary>
    public static string Message(string received)
    {
        var given = UnencodedPlus.Restore(received);
        return Readings(given) is { } readings
            ? $"'{InputExcerpt.Of(given)}' is not a time zone: it can mean {readings}."
            : DidYouMean.MessageWith(Suggestion(given), given, "a time zone (for example Europe/Berlin, W. Europe Standard Time, or an offset in steps of 15 minutes from -12:00 to +14:00)", Known);
    }

    private static string? Suggestion(string given) =>
        DidYouMean.SameLetters(given, Known) is { } known ? known
        : ByCity[Synonyms.Letters(given)].ToList() is [var city] ? city
        : TimeZones.Find($"+{given}") is { } ahead ? ahead.Name
        // Only names with a continent are checked for misspellings: short names resemble too many other names.
        : given.Contains('/', StringComparison.Ordinal) && DidYouMean.Typo(given, Known) is { } typo && EditDistance.Between(given, typo) < 2 ? typo
        : null;

    /// <summary>
    /// Returns the two meanings of a name such as GMT+5, or null for other names. In the IANA name Etc/GMT+5, the offset is west of Greenwich; elsewhere, it is
    /// east of Greenwich.
    /// </summary>
    private static string? Readings(string given) =>
        given.StartsWith("GMT", StringComparison.OrdinalIgnoreCase) && TimeZones.OffsetOf(given[3..]) is { } east && east != Offset.Zero
            ? $"{TimeZones.Signed.Format(east)} or, as in the IANA names Etc/GMT…, {TimeZones.Signed.Format(-east)}"
            : null;
}
