using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// A length of time as people write it: <c>PT24H</c>, <c>1h</c>, <c>15 min</c>, <c>daily</c>. For hints only: parameters take ISO-8601 alone.
/// A bucket size is known by its length, never by its letters.
/// </summary>
internal static partial class WrittenLength
{
    /// <summary>The bucket size that is exactly as long; null where there is none.</summary>
    public static string? AsGranularity(string text) =>
        Read(text) is not { } length ? null
        : length is { Months: 1, Minutes: 0 } ? "P1M"
        : length is { Months: 0, Minutes: > 0 and var minutes } ? Granularity.All.FirstOrDefault(known => known.Unit != GranularityUnit.Month && known.Minutes == minutes)?.Iso
        : null;

    /// <summary>The same length as a duration in ISO-8601; null for what cannot be read.</summary>
    public static string? AsDuration(string text) => Read(text) switch
    {
        { Months: > 0 and var months, Minutes: 0 } => $"P{months}M",
        { Months: 0, Minutes: > 0 and var minutes } when minutes % 1440 == 0 && !IsInHours(text) => $"P{minutes / 1440}D",
        { Months: 0, Minutes: > 0 and var minutes } => minutes % 60 == 0 ? $"PT{minutes / 60}H" : $"PT{minutes}M",
        _ => null,
    };

    private static (long Months, long Minutes)? Read(string text)
    {
        var given = text.Trim();
        return given.Length > 24 ? null : ReadIso(given.ToUpperInvariant()) ?? ReadWords(given);
    }

    private static (long Months, long Minutes)? ReadIso(string text)
    {
        if (PeriodPattern.Roundtrip.Parse(text) is not { Success: true, Value: var period })
        {
            return null;
        }

        try
        {
            var clock = new PeriodBuilder(period) { Years = 0, Months = 0 }.Build().ToDuration();
            return clock.TotalMinutes is >= 0 and < 1e9 and var minutes && minutes == Math.Floor(minutes)
                ? (checked((period.Years * 12L) + period.Months), (long)minutes)
                : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static (long Months, long Minutes)? ReadWords(string text)
    {
        if (Words().Match(text) is not { Success: true } written)
        {
            return null;
        }

        var number = written.Groups["number"] is { Length: > 0 } digits ? long.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 1;
        var hasNumber = written.Groups["number"].Length > 0;
        return written.Groups["unit"].Value switch
        {
            // A capital letter alone is a month where other tools write one, after a number.
            "M" when hasNumber && !written.Groups["iso"].Success => (number, 0),
            "M" or "m" when !hasNumber => null,
            var unit => unit.ToUpperInvariant() switch
            {
                "S" or "SEC" or "SECS" or "SECOND" or "SECONDS" => hasNumber && number % 60 == 0 ? (0, number / 60) : null,
                "M" or "MIN" or "MINS" or "MINUTE" or "MINUTES" => (0, number),
                "HALFHOUR" or "HALF-HOUR" or "HALF_HOUR" => (0, number * 30),
                "H" or "HR" or "HRS" or "HOUR" or "HOURS" or "HOURLY" => (0, number * 60),
                "D" or "DAY" or "DAYS" or "DAILY" => (0, number * 1440),
                "W" or "WK" or "WEEK" or "WEEKS" or "WEEKLY" => (0, number * 10_080),
                "MO" or "MON" or "MONTH" or "MONTHS" or "MONTHLY" => (number, 0),
                _ => null,
            },
        };
    }

    private static bool IsInHours(string text) => text.Contains('h', StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("^(?<iso>[Pp][Tt]?)?\\s*(?<number>[0-9]{1,9})?[\\s_-]*(?<unit>[A-Za-z][A-Za-z_-]*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Words();
}
