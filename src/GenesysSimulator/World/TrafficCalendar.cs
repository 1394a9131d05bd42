using NodaTime;

namespace GenesysSimulator.World;

/// <summary>The opening hours of a queue.</summary>
internal enum OpeningHours
{
    Business,
    Extended,
    Always,
    Campaign,
}

/// <summary>
/// Describes how the traffic of a queue varies over the day, the week and the year. A weight is in thousandths of the traffic in the busiest hour of a midweek
/// day in March.
/// </summary>
internal static class TrafficCalendar
{
    private static readonly int[] Business =
        [0, 0, 0, 0, 0, 0, 10, 90, 480, 860, 1000, 960, 660, 700, 900, 880, 740, 430, 110, 20, 0, 0, 0, 0];

    private static readonly int[] Extended =
        [0, 0, 0, 0, 0, 30, 180, 380, 700, 930, 1000, 940, 760, 740, 860, 880, 850, 800, 650, 480, 300, 140, 20, 0];

    private static readonly int[] Always =
        [170, 130, 110, 100, 110, 150, 260, 430, 680, 880, 1000, 960, 820, 800, 880, 900, 880, 840, 760, 660, 540, 420, 320, 230];

    private static readonly int[] Campaign =
        [0, 0, 0, 0, 0, 0, 0, 0, 120, 820, 1000, 960, 310, 540, 900, 950, 880, 720, 380, 90, 0, 0, 0, 0];

    // The index is the number of the month. Traffic peaks before Christmas, and in January because of the annual invoices.
    private static readonly int[] Months = [0, 1120, 1020, 1000, 960, 930, 940, 880, 860, 990, 1010, 1080, 1100];

    public static int Weight(OpeningHours opening, in WorldHour hour)
    {
        var weights = opening switch
        {
            OpeningHours.Business => Business,
            OpeningHours.Extended => Extended,
            OpeningHours.Always => Always,
            _ => Campaign,
        };
        return (int)((long)weights[hour.LocalHour] * Weekday(opening, hour.Weekday) * Months[hour.Month] / 1_000_000);
    }

    private static int Weekday(OpeningHours opening, IsoDayOfWeek day) => (opening, day) switch
    {
        (_, IsoDayOfWeek.Monday) => 1150,
        (_, IsoDayOfWeek.Friday) => 930,
        (OpeningHours.Always, IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday) => 720,
        (OpeningHours.Extended, IsoDayOfWeek.Saturday) => 420,
        (OpeningHours.Extended, IsoDayOfWeek.Sunday) => 130,
        (OpeningHours.Business, IsoDayOfWeek.Saturday) => 90,
        (_, IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday) => 0,
        _ => 1000,
    };
}
