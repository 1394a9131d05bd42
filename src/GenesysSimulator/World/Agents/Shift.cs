using NodaTime;

namespace GenesysSimulator.World.Agents;

/// <summary>
/// The working hours of an agent. The two night crews alternate weekly. Every week, the two weekend crews swap the early and the late half of the day.
/// </summary>
internal enum Shift
{
    Early,
    Day,
    Late,
    NightCrewA,
    NightCrewB,
    WeekendCrewA,
    WeekendCrewB,
}

/// <summary>
/// The shifts that are at work in each local hour of two weeks. Hours with the same shifts at work have the same crew set, so a team needs only 16 lists
/// of agents.
/// </summary>
internal static class ShiftPlan
{
    public const int Hours = 2 * HoursOfWeek;

    private const int HoursOfWeek = 7 * 24;

    private static readonly Shift[][] AtWork = [.. Enumerable.Range(0, Hours).Select(hour => Enum.GetValues<Shift>().Where(shift => IsAtWorkInHour(shift, hour)).ToArray())];

    private static readonly string[] Keys = [.. AtWork.Select(shifts => string.Join(',', shifts)).Distinct(StringComparer.Ordinal)];

    private static readonly byte[] CrewSetOfHour = [.. AtWork.Select(shifts => (byte)Array.IndexOf(Keys, string.Join(',', shifts)))];

    /// <summary>The number of crew sets.</summary>
    public static int CrewSets => Keys.Length;

    /// <param name="hour">The hours since midnight at the start of a Monday, modulo two weeks.</param>
    public static int CrewSet(int hour) => CrewSetOfHour[hour];

    public static bool IsAtWork(Shift shift, int crewSet) => IsAtWorkInHour(shift, Array.IndexOf(CrewSetOfHour, (byte)crewSet));

    public static bool IsAtWorkInHour(Shift shift, int hour)
    {
        var (weekday, time) = ((IsoDayOfWeek)((hour / 24 % 7) + 1), hour % 24);
        var isWeekend = weekday is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday;

        // A night belongs to the day on which it begins.
        var isFirstWeek = hour < HoursOfWeek;
        var isFirstNightWeek = (hour - 6 + Hours) % Hours < HoursOfWeek;
        return shift switch
        {
            Shift.Early => !isWeekend && time is >= 5 and < 14,
            Shift.Day => !isWeekend && time is >= 8 and < 17,
            Shift.Late => !isWeekend && time is >= 14 and < 23,
            Shift.NightCrewA => time is >= 22 or < 6 && isFirstNightWeek,
            Shift.NightCrewB => time is >= 22 or < 6 && !isFirstNightWeek,
            Shift.WeekendCrewA => isWeekend && (isFirstWeek ? time is >= 5 and < 14 : time is >= 14 and < 23),
            _ => isWeekend && (isFirstWeek ? time is >= 14 and < 23 : time is >= 5 and < 14),
        };
    }
}

/// <summary>Determines which shifts are at work at an instant, given in milliseconds since 1970. Thread-safe.</summary>
internal sealed class ShiftClock(DateTimeZone zone)
{
    // 1970 began on a Thursday.
    private const int HoursSinceMonday = 72;

    // Successive calls usually have similar times, so the last UTC offset is reused for times at which it is valid.
    private OffsetPeriod _known = new(0, 0, 0);

    public int CrewSetAt(long at) => ShiftPlan.CrewSet(HourAt(at));

    public int HourAt(long at)
    {
        var known = _known;
        if (at < known.From || at >= known.To)
        {
            _known = known = PeriodOf(at);
        }

        var hour = (at + known.OffsetMs) / WorldHour.Milliseconds;
        return (int)((hour + HoursSinceMonday) % ShiftPlan.Hours);
    }

    private OffsetPeriod PeriodOf(long at)
    {
        var interval = zone.GetZoneInterval(Instant.FromUnixTimeMilliseconds(at));
        return new(
            interval.HasStart ? interval.Start.ToUnixTimeMilliseconds() : long.MinValue,
            interval.HasEnd ? interval.End.ToUnixTimeMilliseconds() : long.MaxValue,
            interval.WallOffset.Milliseconds);
    }

    private sealed record OffsetPeriod(long From, long To, long OffsetMs);
}
