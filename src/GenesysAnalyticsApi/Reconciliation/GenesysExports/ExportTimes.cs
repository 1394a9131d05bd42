using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Text;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Reconciliation.GenesysExports;

/// <summary>A time of an export.</summary>
/// <param name="Local">The local time in the time zone of the export.</param>
/// <param name="Instants">
/// The possible instants: two if the local time occurs twice because of a clock change, none for a start that a clock change skips, otherwise one.
/// </param>
internal sealed record ExportTime(LocalDateTime Local, ImmutableArray<Instant> Instants)
{
    private const string Twice = "its times occur twice, because the clocks are set back";
    private const string Never = "its start does not exist, because the clocks are set forward";

    /// <summary>The interval from this time to an end. Null, with the reason, if a clock change makes the times ambiguous or skips the start.</summary>
    /// <returns>The interval or the reason. Both are null if the end is not after the start.</returns>
    public (Interval? Interval, string? WhyNot) Until(ExportTime end)
    {
        if (Instants.IsEmpty)
        {
            return (null, Never);
        }

        var possible = Instants.SelectMany(_ => end.Instants, (from, to) => (From: from, To: to)).Where(interval => interval.From < interval.To).ToList();
        if (possible.Count > 1 && Instants.Length == 1)
        {
            // Only the end is ambiguous. If one of the two possible intervals is as long as the difference between the local times, it is the interval.
            var length = end.Local.ToDateTimeUnspecified() - Local.ToDateTimeUnspecified();
            possible = possible.FindAll(interval => (interval.To - interval.From).ToTimeSpan() == length) is [var fitting] ? [fitting] : possible;
        }

        return possible switch
        {
            [var only] => (new Interval(only.From, only.To), null),
            [] => (null, null),
            _ => (null, Twice),
        };
    }
}

/// <summary>
/// Reads the times of an export: ISO 8601 with or without an offset, or dates with slashes or dots. Slashes mean month/day/year, unless at least one date of
/// the file is valid only as day/month/year. Two-digit years are read as 20yy.
/// </summary>
internal sealed class ExportTimes
{
    private static readonly string[] Clocks = ["", " H:mm", " H:mm:ss", " H:mm:ss.FFF", " h:mm tt", " h:mm:ss tt", " h:mm:ss.FFF tt"];

    private static readonly LocalDateTimePattern[] Iso = Patterns("uuuu-MM-dd");
    private static readonly LocalDateTimePattern[] Dots = [.. Patterns("d.M.uuuu"), .. Patterns("d.M.yy")];
    private static readonly LocalDateTimePattern[] MonthFirst = [.. Patterns("M/d/uuuu"), .. Patterns("M/d/yy")];
    private static readonly LocalDateTimePattern[] DayFirst = [.. Patterns("d/M/uuuu"), .. Patterns("d/M/yy")];

    private readonly LocalDateTimePattern[] _patterns;
    private readonly DateTimeZone _zone;

    /// <param name="all">All times of the file.</param>
    public ExportTimes(IEnumerable<string> all, DateTimeZone zone)
    {
        var isDayFirst = all.Where(text => text.Contains('/', StringComparison.Ordinal)).Any(text => Parse(Normalized(text), MonthFirst) is null && Parse(Normalized(text), DayFirst) is not null);
        _patterns = [.. Iso, .. Dots, .. isDayFirst ? DayFirst : MonthFirst];
        _zone = zone;
    }

    /// <summary>Reads a time from 2012, when Genesys Cloud began, to <see cref="InstantFormat.LastYear"/>.</summary>
    /// <param name="isEnd">
    /// Whether the time is the end of an interval. For an end, the last second of a minute means the end of that minute, and a time that a clock change skips
    /// means the instant of the clock change.
    /// </param>
    /// <returns>
    /// Null if the text is not such a time. <paramref name="error"/> has then been called with a message that says what is accepted.
    /// </returns>
    public ExportTime? Of(string text, bool isEnd, Action<string> error)
    {
        if (TimeOf(text, isEnd, error) is not { } time)
        {
            return null;
        }

        if (time.Instants.Any(instant => instant < QueryInterval.Earliest))
        {
            return OutOfRange(text, error);
        }

        return isEnd && time.Local.Second == 59
            ? new(EndOfMinute(time.Local), [.. time.Instants.Select(instant => EndOfMinute(instant.InUtc().LocalDateTime).InUtc().ToInstant())])
            : time;
    }

    private ExportTime? TimeOf(string text, bool isEnd, Action<string> error)
    {
        if (Parse(Normalized(text), _patterns) is { } local)
        {
            // The instant of a time at the end of the calendar can be beyond the calendar.
            if (!InstantFormat.IsYear(local.Year))
            {
                return OutOfRange(text, error);
            }

            var mapped = _zone.MapLocal(local);
            return new(local, mapped.Count switch
            {
                0 => isEnd ? [mapped.EarlyInterval.End] : [],
                1 => [mapped.Single().ToInstant()],
                _ => [mapped.First().ToInstant(), mapped.Last().ToInstant()],
            });
        }

        if (text.Contains('T', StringComparison.Ordinal) && InstantFormat.Parse(text, _zone, _ => { }) is { } instant)
        {
            return new(instant.InZone(_zone).LocalDateTime, [instant]);
        }

        if (InstantFormat.IsDateTime(text))
        {
            return OutOfRange(text, error);
        }

        error($"'{InputExcerpt.Of(text)}' is not a time: use a format such as 2026-11-01T08:00, 2026-11-01 08:00, 11/1/26 8:00 AM or 1.11.2026 08:00.");
        return null;
    }

    private static ExportTime? OutOfRange(string text, Action<string> error)
    {
        error($"'{InputExcerpt.Of(text)}' is out of range: use a valid date and time from {InstantFormat.Print(QueryInterval.Earliest)} to the year {InstantFormat.LastYear}.");
        return null;
    }

    private static LocalDateTime EndOfMinute(LocalDateTime time) => time.Date.At(new LocalTime(time.Hour, time.Minute)).PlusMinutes(1);

    private static LocalDateTime? Parse(string text, LocalDateTimePattern[] patterns) =>
        patterns.Select(pattern => pattern.Parse(text)).FirstOrDefault(result => result.Success)?.Value;

    /// <summary>Replaces a comma or T after the date, and a no-break space before AM or PM, with an ordinary space.</summary>
    private static string Normalized(string text)
    {
        var plain = text.Replace(", ", " ", StringComparison.Ordinal).Replace('\u202f', ' ').Replace('\u00a0', ' ').Trim();
        return plain.Length > 10 && plain[10] == 'T' && plain[^1] != 'Z' ? $"{plain[..10]} {plain[11..]}" : plain;
    }

    private static LocalDateTimePattern[] Patterns(string date) => [.. Clocks.Select(clock => LocalDateTimePattern.CreateWithInvariantCulture(date + clock).WithTwoDigitYearMax(99))];
}
