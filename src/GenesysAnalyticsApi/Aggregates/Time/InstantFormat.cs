using System.Globalization;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Text;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Aggregates.Time;

/// <summary>Parses and formats instants of the API. <see cref="RelativeTime"/> parses times that depend on the current time.</summary>
internal static partial class InstantFormat
{
    /// <summary>The last accepted year. The instants around a later time, such as the end of its bucket, can exceed the calendar.</summary>
    public const int LastYear = 9998;

    private const int FirstYear = 1;

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

    /// <summary>The accepted years, for errors.</summary>
    public static string Years { get; } = string.Create(CultureInfo.InvariantCulture, $"a year from {FirstYear:0000} to {LastYear}");

    public static string Print(Instant instant) => InstantPattern.ExtendedIso.Format(instant);

    /// <summary>Formats the instant without a fraction of a second.</summary>
    public static string PrintSeconds(Instant instant) => Print(Instant.FromUnixTimeSeconds(instant.ToUnixTimeSeconds()));

    public static string PrintLocal(LocalDateTime local) => Local.Format(local);

    /// <summary>Parses an instant with an offset, seconds or milliseconds since the Unix epoch, or a local date or date-time in the zone.</summary>
    /// <param name="otherForm">A further form that the caller of this method parses itself, for the error.</param>
    /// <param name="range">A sentence with the accepted range, if the caller of this method accepts fewer times, for the error.</param>
    public static Instant? Parse(string text, DateTimeZone zone, Action<string> error, string? otherForm = null, string? range = null)
    {
        // An unencoded plus sign arrives as a space. No valid value contains a space.
        var plain = text.Trim().Replace(' ', '+');
        foreach (var pattern in WithOffset)
        {
            if (pattern.Parse(plain) is { Success: true } found)
            {
                return IsYear(found.Value.Year) ? Truncate(found.Value.ToInstant()) : Invalid();
            }
        }

        if (EpochOf(plain) is { } epoch)
        {
            return epoch;
        }

        if (LocalDatePattern.Iso.Parse(plain) is { Success: true } date)
        {
            return IsYear(date.Value.Year) ? BucketBoundaries.StartOf(date.Value, zone) : Invalid();
        }

        foreach (var pattern in WithoutOffset)
        {
            if (pattern.Parse(plain) is { Success: true } found)
            {
                return IsYear(found.Value.Year) ? InZone(found.Value, zone, error) is { } instant ? Truncate(instant) : null : Invalid();
            }
        }

        return Invalid();

        Instant? Invalid()
        {
            var excerpt = InputExcerpt.Of(UnencodedPlus.Restore(text));
            error(IsDateTime(plain)
                ? $"'{excerpt}' is out of range: use {Years}, a day of the calendar, a time from 00:00:00 to 23:59:59 or 24:00:00, and an offset from -18:00 to +18:00.{(range is null ? "" : $" {range}")}"
                : $"'{excerpt}' is not a time: use an ISO-8601 instant (2026-11-01T08:00:00Z, 2026-11-01T08:00+01:00), a local date or date-time (2026-11-01, 2026-11-01T08:00), {(otherForm is null ? "or " : "")}epoch seconds or milliseconds (10 or 13 digits){(otherForm is null ? "" : $", or {otherForm}")}.");
            return null;
        }
    }

    /// <summary>Whether the text has the form of a date, or of a date and time. Its parts can be out of range.</summary>
    public static bool IsDateTime(string text) => DateTimeShape().IsMatch(text);

    /// <summary>Whether the text is a number of seconds or milliseconds since the Unix epoch.</summary>
    public static bool IsEpoch(string text) => EpochOf(text.Trim()) is not null;

    // The number of digits distinguishes the units: between 2001 and 2286, seconds have ten digits and milliseconds thirteen.
    private static Instant? EpochOf(string text) =>
        text.Length is not (10 or 13) || !text.All(char.IsAsciiDigit) || text[0] == '0' ? null
        : long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) is var number && text.Length == 10 ? Instant.FromUnixTimeSeconds(number)
        : Instant.FromUnixTimeMilliseconds(number);

    /// <summary>Whether the year is in the accepted range (<see cref="Years"/>).</summary>
    public static bool IsYear(int year) => year is >= FirstYear and <= LastYear;

    /// <summary>Truncates to milliseconds, because Genesys would return no data for a bucket that starts between two milliseconds.</summary>
    public static Instant Truncate(Instant instant) => Instant.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());

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

    /// <summary>A date, or a date and time. Its parts can be out of range, as in 30 February, a year of five digits, a leap second or an offset of a day.</summary>
    [GeneratedRegex(@"^[+-]?[0-9]{4,6}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex DateTimeShape();
}
