using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Alerts.Rules;

/// <summary>The period over which an aggregate figure is computed. The period always ends now.</summary>
/// <param name="Name">The name in alerts, such as <c>today</c> or <c>PT30M</c>.</param>
internal sealed record AlertPeriod(string Name, AggregatesParameters Parameters)
{
    /// <summary>The names of the calendar periods, each of which ends now.</summary>
    public static readonly string[] Calendar = ["today", "this-week", "this-month"];

    private static readonly Duration Longest = Duration.FromDays(31);
    private static readonly Duration Shortest = Duration.FromMinutes(5);

    /// <param name="error">Receives the reason if the text is not valid.</param>
    /// <returns>Null if the text is neither a calendar period nor a duration in the accepted range.</returns>
    public static AlertPeriod? Parse(string text, DateTimeZone zone, Action<string> error)
    {
        var name = text.Trim().ToLowerInvariant();
        if (Calendar.Contains(name))
        {
            return new AlertPeriod(name, new AggregatesParameters { Period = name, TimeZone = zone.Name });
        }

        if (LengthOf(text) is { } length && length >= Shortest && length <= Longest)
        {
            var iso = DurationParser.AsPeriod(text)!.ToString();
            return new AlertPeriod(iso, new AggregatesParameters { Last = iso, TimeZone = zone.Name });
        }

        error($"'{InputExcerpt.Of(text)}' is not a period of an alert. Use one of {string.Join(", ", Calendar)}, or a duration from 5 minutes to 31 days, such as PT30M or 30m.");
        return null;
    }

    private static Duration? LengthOf(string text)
    {
        try
        {
            return DurationParser.AsPeriod(text) is { Years: 0, Months: 0 } period ? period.ToDuration() : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
