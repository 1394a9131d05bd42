using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Time;

namespace GenesysAnalyticsApi.Alerts.Rules;

/// <summary>Local times without notifications: certain hours of every day, and certain weekdays.</summary>
internal sealed record QuietHours(ImmutableArray<LocalHours> Hours, ImmutableArray<IsoDayOfWeek> Days, DateTimeZone Zone)
{
    public static readonly QuietHours None = new([], [], DateTimeZone.Utc);

    /// <summary>The time zone with this name; UTC if the name is null, empty or unknown. <see cref="AlertsOptionsValidator"/> reports unknown names.</summary>
    public static DateTimeZone ZoneOf(string? name) => (name is { Length: > 0 } ? TimeZones.Find(name) : null) ?? DateTimeZone.Utc;

    /// <param name="hoursError">Receives the errors in <paramref name="hours"/>.</param>
    /// <param name="daysError">Receives the errors in <paramref name="days"/>.</param>
    public static QuietHours Parse(string? hours, string? days, DateTimeZone zone, Action<string> hoursError, Action<string> daysError) => new(
        [.. Items(hours).Select(text => LocalHours.Parse(text, hoursError)).OfType<LocalHours>()],
        [.. Items(days).SelectMany(text => Weekdays.Parse(text, daysError) ?? []).Distinct().Order()],
        zone);

    public bool Includes(Instant now)
    {
        var local = now.InZone(Zone);
        var minute = (local.Hour * 60) + local.Minute;
        return Days.Contains(local.DayOfWeek) || Hours.Any(hours => hours.Parts.Any(part => minute >= part.From && minute < part.To));
    }

    private static string[] Items(string? text) => (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
