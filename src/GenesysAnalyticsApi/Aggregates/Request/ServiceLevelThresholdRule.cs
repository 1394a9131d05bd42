using System.Globalization;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Facts;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>
/// Checks a service level threshold. The parameter accepts only milliseconds. For other notations, such as <c>20</c>, <c>20s</c>, <c>20 sec</c> or
/// <c>PT20S</c>, the error suggests the number that the caller probably meant.
/// </summary>
internal static class ServiceLevelThresholdRule
{
    private static readonly Func<string, string?> Number = ParameterRules.Number(AnsweredWithin.MinThresholdMs, AnsweredWithin.MaxThresholdMs, "milliseconds");

    /// <summary>Returns why the value is invalid, or null if the value is valid.</summary>
    public static string? Check(string value) =>
        Number(value) is not { } reason ? null
        : value.Contains(',', StringComparison.Ordinal) ? $"{reason} A query has one threshold."
        : Milliseconds(value) is { } suggestion and >= AnsweredWithin.MinThresholdMs and <= AnsweredWithin.MaxThresholdMs
            ? string.Create(CultureInfo.InvariantCulture, $"{reason} Did you mean '{suggestion}'? That is {suggestion / 1000.0:0.###} s.")
            : reason;

    /// <summary>
    /// The milliseconds that the text probably means; null if the text cannot be read. A number without a unit that is below the minimum means seconds.
    /// </summary>
    private static long? Milliseconds(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length is 0 or > 24)
        {
            return null;
        }

        if (PeriodPattern.Roundtrip.Parse(trimmed.ToUpperInvariant()) is { Success: true, Value: var period })
        {
            return OfPeriod(period);
        }

        // No regular expression: it would need a timeout, which a busy machine could exceed.
        var rest = trimmed.AsSpan().TrimStart("0123456789.");
        return double.TryParse(trimmed.AsSpan(0, trimmed.Length - rest.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && FactorOf(rest.Trim().ToString(), number) is { } factor
            ? InRange(number * factor)
            : null;
    }

    private static long? OfPeriod(Period period)
    {
        try
        {
            return period.HasDateComponent ? null : InRange(period.ToDuration().TotalMilliseconds);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static double? FactorOf(string unit, double number) => unit.ToUpperInvariant() switch
    {
        "" => number < AnsweredWithin.MinThresholdMs ? 1_000 : 1,
        "MS" or "MSEC" or "MILLIS" or "MILLISECOND" or "MILLISECONDS" => 1,
        "S" or "SEC" or "SECS" or "SECOND" or "SECONDS" => 1_000,
        "M" or "MIN" or "MINS" or "MINUTE" or "MINUTES" => 60_000,
        "H" or "HR" or "HRS" or "HOUR" or "HOURS" => 3_600_000,
        "D" or "DAY" or "DAYS" => 86_400_000,
        _ => null,
    };

    private static long? InRange(double milliseconds) => milliseconds is >= 0 and <= int.MaxValue ? (long)milliseconds : null;
}
