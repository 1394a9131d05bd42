using NodaTime.Text;

namespace GenesysAnalyticsApi.Aggregates.Time;

/// <summary>A range of local hours such as <c>08:00-20:00</c>, half-open, in minutes of the day. A range that ends before it starts spans midnight.</summary>
internal readonly record struct LocalHours(int From, int To)
{
    private const int MinutesOfDay = 24 * 60;

    private static readonly LocalTimePattern Clock = LocalTimePattern.CreateWithInvariantCulture("HH':'mm");

    /// <summary>The range in minutes from midnight, divided into two parts if it spans midnight.</summary>
    public IEnumerable<(int From, int To)> Parts => From < To ? [(From, To)] : [(0, To), (From, MinutesOfDay)];

    /// <summary>Reads <c>HH:mm-HH:mm</c>; <c>24:00</c> is the end of the day.</summary>
    /// <param name="error">Receives the rest of the message, which follows the quoted text.</param>
    public static LocalHours? Parse(string text, Action<string> error)
    {
        if (text.Split('-') is not [var first, var second] || MinuteOf(first) is not (>= 0 and < MinutesOfDay and var from) || MinuteOf(second) is not { } to)
        {
            error("is not a range of local hours: write HH:mm-HH:mm, for example 08:00-20:00, or 22:00-06:00 for a range across midnight.");
            return null;
        }

        if (from % 5 != 0 || to % 5 != 0)
        {
            error("does not start and end at a multiple of 5 minutes, the shortest bucket of Genesys.");
            return null;
        }

        if (from == to)
        {
            error("starts and ends at the same time: write 00:00-24:00 for the whole day.");
            return null;
        }

        return new LocalHours(from, to == 0 ? MinutesOfDay : to);
    }

    public override string ToString() => $"{Print(From)}-{Print(To)}";

    private static int? MinuteOf(string text) =>
        text.Trim() is var clock && clock == "24:00" ? MinutesOfDay
        : Clock.Parse(clock) is { Success: true, Value: var time } ? (time.Hour * 60) + time.Minute
        : null;

    private static string Print(int minute) => minute == MinutesOfDay ? "24:00" : Clock.Format(new LocalTime(minute / 60, minute % 60));
}
