using NodaTime;

namespace GenesysSimulator.World;

/// <summary>A UTC hour with its local time in the organization. The seasonality of the traffic uses local hours, so it follows daylight saving time.</summary>
internal readonly record struct WorldHour(long StartMs, int LocalHour, IsoDayOfWeek Weekday, int LocalDay, int Month)
{
    public const long Milliseconds = 3_600_000;

    public static WorldHour[] Between(long fromMs, long toMs, DateTimeZone zone)
    {
        var first = Math.Max(0, fromMs) / Milliseconds;
        var last = Math.Max(first, (toMs + Milliseconds - 1) / Milliseconds);
        var hours = new WorldHour[last - first];
        for (var index = 0; index < hours.Length; index++)
        {
            var start = (first + index) * Milliseconds;
            var local = Instant.FromUnixTimeMilliseconds(start).InZone(zone).LocalDateTime;
            hours[index] = new(start, local.Hour, local.DayOfWeek, (local.Year * 400) + local.DayOfYear, local.Month);
        }

        return hours;
    }
}
