using System.Globalization;
using GenesysAnalyticsApi.Text;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Aggregates.Time;

/// <summary>Parses and formats instants of the API. <see cref="RelativeTime"/> parses times that depend on the current time.</summary>
internal static class InstantFormat
{
    private static readonly OffsetDateTimePattern[] WithOffset =
    [
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFFFFFFFFo<G>"),
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mmo<G>"),
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFFFFFFFFo<Z+HHmm>"),
        OffsetDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mmo<Z+HHmm>"),
    ];

    private static readonly LocalDateTimePattern[] WithoutOffset =
    [
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFFFFFFFF"),
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm"),
    ];

    private static readonly LocalDateTimePattern Local = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm':'ss;FFFFFFFFF");

    public static string Print(Instant instant) => InstantPattern.ExtendedIso.Format(instant);

    /// <summary>Formats the instant without a fraction of a second.</summary>
    public static string PrintSeconds(Instant instant) => Print(Instant.FromUnixTimeSeconds(instant.ToUnixTimeSeconds()));

    public static string PrintLocal(LocalDateTime local) => Local.Format(local);

    /// <summary>Parses an instant with an offset, seconds or milliseconds since the Unix epoch, or a local date or date-time in the zone.</summary>
    /// <param name="otherForm">A further form that the caller of this method parses itself, for the error.</param>
    public static Instant? Parse(string text, DateTimeZone zone, Action<string> error, string? otherForm = null)
    {
        // An unencoded plus sign arrives as a space. No valid value contains a space.
        var plain = text.Trim().Replace(' ', '+');
        foreach (var pattern in WithOffset)
        {
            if (pattern.Parse(plain) is { Success: true } found)
            {
                return found.Value.Year is > 0 and < 9999 ? Truncate(found.Value.ToInstant()) : Invalid();
            }
        }

        if (EpochOf(plain) is { } epoch)
        {
            return epoch;
        }

        if (LocalDatePattern.Iso.Parse(plain) is { Success: true } date)
        {
            return date.Value.Year is > 0 and < 9999 ? BucketBoundaries.StartOf(date.Value, zone) : Invalid();
        }

        foreach (var pattern in WithoutOffset)
        {
            if (pattern.Parse(plain) is { Success: true } found)
            {
                return found.Value.Year is > 0 and < 9999 ? InZone(found.Value, zone, error) is { } instant ? Truncate(instant) : null : Invalid();
            }
        }

        return Invalid();

        Instant? Invalid()
        {
            error($"'{InputExcerpt.Of(UnencodedPlus.Restore(text))}' is not a time: use an ISO-8601 instant (2026-11-01T08:00:00Z, 2026-11-01T08:00+01:00), a local date or date-time (2026-11-01, 2026-11-01T08:00), {(otherForm is null ? "or " : "")}epoch seconds or milliseconds (10 or 13 digits){(otherForm is null ? "" : $", or {otherForm}")}.");
            return null;
        }
    }

    /// <summary>Whether the text is a number of seconds or milliseconds since the Unix epoch.</summary>
    public static bool IsEpoch(string text) => EpochOf(text.Trim()) is not null;

    // The number of digits distinguishes the units: between 2001 and 2286, seconds have ten digits and milliseconds thirteen.
    private static Instant? EpochOf(string text) =>
        text.Length is not (10 or 13) || !text.All(char.IsAsciiDigit) || text[0] == '0' ? null
        : long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) is var number && text.Length == 10 ? Instant.FromUnixTimeSeconds(number)
        : Instant.FromUnixTimeMilliseconds(number);

    /// <summary>Truncates to milliseconds, because Genesys would return no data for a bucket that starts between two milliseconds.</summary>
    private static Instant Truncate(Instant instant) => Instant.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());

    private static Instant? InZone(LocalDateTime local, DateTimeZone zone, Action<string> error)
    {
        var mapped = zone.MapLocal(local);
        if (mapped.Count == 1)
        {
            return mapped.Single().ToInstant();
        }

        var (early, late) = (local.WithOffset(mapped.EarlyInterval.WallOffset).ToInstant(), local.WithOffset(mapped.LateInterval.WallOffset).ToInstant());
        error($"'{PrintLocal(local)}' {(mapped.Count == 0 ? "does not exist" : "occurs twice")} in {zone.Name} because of a clock change: write {Print(Instant.Min(early, late))} or {Print(Instant.Max(early, late))}.");
        return null;
    }
}
