using System.Globalization;
using GenesysAnalyticsApi.Text;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Aggregates.Time;

/// <summary>
/// Reads durations as people and tools write them: ISO-8601 in any letter case, and a number with a unit, such as <c>24h</c>, <c>30m</c> or
/// <c>15 min</c>. Hours are never converted to days, except for hints, because a day with a clock change does not have 24 hours.
/// </summary>
internal static class DurationParser
{
    /// <summary>Returns the granularity of the same size, or null.</summary>
    public static Granularity? AsGranularity(string text) => Granularity.Find(text) ?? Read(text) switch
    {
        { IsExact: false } => null,
        { Months: 1, Days: 0, Minutes: 0 } => Granularity.Find("P1M"),
        { Months: 0, Days: > 0 and var days, Minutes: 0 } => Granularity.All.FirstOrDefault(known => IsOfDays(known) && known.Minutes == days * 1440),
        { Months: 0, Days: 0, Minutes: > 0 and var minutes } => Granularity.All.FirstOrDefault(known => known.Unit == GranularityUnit.Clock && known.Minutes == minutes),
        _ => null,
    };

    /// <summary>Returns the duration; null if the text is not a duration. The duration can be zero or negative.</summary>
    public static Period? AsPeriod(string text) =>
        Iso(text) is { Success: true, Value: var written } ? written
        : Read(text) is { IsExact: true, HasNumber: true } length ? length.ToPeriod()
        : null;

    /// <summary>Says why the text is not a granularity. Suggests the granularity that it probably means, or lists its possible meanings.</summary>
    public static string GranularityMessage(string text, IReadOnlyCollection<string> known) => Readings(text) is { } readings
        ? $"'{InputExcerpt.Of(text)}' is not a granularity: it can mean {readings}. Use one of {string.Join(", ", known)}."
        : DidYouMean.MessageWith(ProbableGranularity(text)?.Iso, text, "a granularity", known);

    /// <summary>Says why the text is not a duration. Suggests the duration that it probably means, or lists its possible meanings.</summary>
    public static string DurationMessage(string text) =>
        $"'{InputExcerpt.Of(text)}' is not a valid duration: "
        + (Readings(text) is { } readings ? $"it can mean {readings}."
            : AsPeriod(text) is not null || Read(text) is { Months: 0, Days: 0, Minutes: 0 } ? "use a duration longer than zero, for example PT24H, PT90M or P7D."
            : HasFraction(text) ? "use whole numbers, for example PT90M instead of PT1.5H."
            : $"use ISO-8601, for example PT24H, PT90M or P7D.{Hint(text)}");

    private static string Hint(string text) => Read(text)?.ToPeriod() is { } period ? $" Did you mean '{period}'?" : "";

    private static bool HasFraction(string text) => text.Trim().Split('.', ',') is [[.., >= '0' and <= '9'], [>= '0' and <= '9', ..]];

    /// <summary>Compares only the lengths, so 24 hours equal a day. Used only for hints.</summary>
    private static Granularity? ProbableGranularity(string text) => Read(text) switch
    {
        { Months: 1, Days: 0, Minutes: 0 } => Granularity.Find("P1M"),
        { Months: 0 } length => Granularity.All.FirstOrDefault(known => known.Unit != GranularityUnit.Month && known.Minutes == (length.Days * 1440) + length.Minutes),
        _ => null,
    };

    /// <summary>
    /// Returns the two meanings of a number with a capital M, or null for other text. Some tools use this notation for months and other tools for minutes;
    /// ISO-8601 distinguishes the two by the T.
    /// </summary>
    private static string? Readings(string text) =>
        text.Trim() is [.. var number, 'M'] && number.TrimEnd() is { Length: > 0 and <= 9 } digits && digits.All(char.IsAsciiDigit)
            ? $"minutes (PT{digits}M) or months (P{digits}M)"
            : null;

    private static bool IsOfDays(Granularity known) => known.Unit is GranularityUnit.Day or GranularityUnit.Week;

    private static Length? Read(string text)
    {
        var trimmed = text.Trim();
        return trimmed.Length > 24 ? null : ReadIso(trimmed) ?? ReadWords(trimmed);
    }

    // Converted to capitals, because NodaTime reads a lower-case s as milliseconds.
    private static ParseResult<Period> Iso(string text) => PeriodPattern.Roundtrip.Parse(text.Trim().ToUpperInvariant());

    private static Length? ReadIso(string text)
    {
        if (Iso(text) is not { Success: true, Value: var period })
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
        Length? length = rest[digits..].TrimStart(' ', '_', '-') switch
        {
            // A single letter without a number is ambiguous, and so is a capital M.
            [_] when !hasNumber => null,
            "M" when !isIso => null,
            var unit => unit.ToUpperInvariant() switch
            {
                "S" or "SEC" or "SECS" or "SECOND" or "SECONDS" => hasNumber && number % 60 == 0 ? new(0, 0, number / 60) : null,
                "M" or "MIN" or "MINS" or "MINUTE" or "MINUTES" => new(0, 0, number),
                "HALFHOUR" or "HALF-HOUR" or "HALF_HOUR" => new(0, 0, number * 30),
                "H" or "HR" or "HRS" or "HOUR" or "HOURS" or "HOURLY" => new(0, 0, number * 60),
                "D" or "DAY" or "DAYS" or "DAILY" => new(0, number, 0),
                "W" or "WK" or "WEEK" or "WEEKS" or "WEEKLY" => new(0, number * 7, 0),
                "MO" or "MON" or "MONTH" or "MONTHS" or "MONTHLY" => new(number, 0, 0),
                "Y" or "YR" or "YEAR" or "YEARS" or "YEARLY" => new(number * 12, 0, 0),
                _ => null,
            },
        };
        // P1H and PT1D are mistyped ISO-8601, so such text only leads to a hint.
        return length is { } found ? found with { IsExact = !isIso, HasNumber = hasNumber } : null;
    }

    private readonly record struct Length(long Months, long Days, long Minutes)
    {
        public bool IsExact { get; init; } = true;

        public bool HasNumber { get; init; } = true;

        /// <summary>Null if the length consists of several units, is zero or is too long.</summary>
        public Period? ToPeriod() => this switch
        {
            { Months: > 0 and <= int.MaxValue and var months, Days: 0, Minutes: 0 } => Period.FromMonths((int)months),
            { Months: 0, Days: > 0 and <= int.MaxValue and var days, Minutes: 0 } => Period.FromDays((int)days),
            { Months: 0, Days: 0, Minutes: > 0 and var minutes } => minutes % 60 == 0 ? Period.FromHours(minutes / 60) : Period.FromMinutes(minutes),
            _ => null,
        };
    }
}
