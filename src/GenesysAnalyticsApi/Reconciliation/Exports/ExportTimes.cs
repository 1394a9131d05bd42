using GenesysAnalyticsApi.Aggregates.Time;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Reconciliation.Exports;

/// <summary>
/// Reads the times of an export: ISO-8601 with or without an offset, or dates with slashes or dots. Slashes mean month/day/year, unless one date of the file
/// can only be day/month/year.
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
        var isDayFirst = all.Where(text => text.Contains('/', StringComparison.Ordinal)).Any(text => Parse(Plain(text), MonthFirst) is null && Parse(Plain(text), DayFirst) is not null);
        _patterns = [.. Iso, .. Dots, .. isDayFirst ? DayFirst : MonthFirst];
        _zone = zone;
    }

    /// <summary>The instant; null if the text is no time.</summary>
    /// <param name="isEnd">The last second of a minute is then the end of that minute.</param>
    public Instant? Of(string text, bool isEnd) => (InstantOf(text), isEnd) switch
    {
        ({ } last, true) when last.InUtc().Second == 59 => Instant.FromUnixTimeSeconds((last.ToUnixTimeSeconds() / 60 * 60) + 60),
        var (instant, _) => instant,
    };

    private Instant? InstantOf(string text)
    {
        var plain = Plain(text);
        if (Parse(plain, _patterns) is { } local)
        {
            return local.InZoneLeniently(_zone).ToInstant();
        }

        return text.Contains('T', StringComparison.Ordinal) ? InstantFormat.Parse(text, _zone, _ => { }) : null;
    }

    private static LocalDateTime? Parse(string text, LocalDateTimePattern[] patterns) =>
        patterns.Select(pattern => pattern.Parse(text)).FirstOrDefault(result => result.Success)?.Value;

    /// <summary>Without a comma after the date, and with an ordinary space before AM or PM.</summary>
    private static string Plain(string text)
    {
        var plain = text.Replace(", ", " ", StringComparison.Ordinal).Replace('\u202f', ' ').Replace('\u00a0', ' ').Trim();
        return plain.Length > 10 && plain[10] == 'T' && plain[^1] != 'Z' ? $"{plain[..10]} {plain[11..]}" : plain;
    }

    private static LocalDateTimePattern[] Patterns(string date) => [.. Clocks.Select(clock => LocalDateTimePattern.CreateWithInvariantCulture(date + clock))];
}
