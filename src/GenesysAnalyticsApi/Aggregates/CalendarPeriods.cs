using GenesysAnalyticsApi.Errors;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>The calendar periods that <c>period</c> names, in the zone asked for.</summary>
internal static class CalendarPeriods
{
    public static IReadOnlyList<string> Names { get; } =
        ["today", "yesterday", "this-week", "last-week", "this-month", "last-month", "last-7-days", "last-28-days"];

    // Calendar weeks are not the last seven days: "past week" could be either and stands for none.
    private static readonly Synonyms Words = new(
        ("today", "thisDay currentDay dayToDate"),
        ("yesterday", "previousDay prevDay"),
        ("this-week", "currentWeek weekToDate wtd"),
        ("last-week", "previousWeek prevWeek"),
        ("this-month", "currentMonth monthToDate mtd"),
        ("last-month", "previousMonth prevMonth"),
        ("last-7-days", "7days 7d last7d past7days past7d previous7days lastSevenDays"),
        ("last-28-days", "28days 28d last28d past28days past28d previous28days"));

    public static (Instant From, Instant To)? Resolve(string name, DateTimeZone zone, Instant now, Action<string, string> error)
    {
        var today = now.InZone(zone).Date;
        var monday = today.DayOfWeek == IsoDayOfWeek.Monday ? today : today.Previous(IsoDayOfWeek.Monday);
        var first = new LocalDate(today.Year, today.Month, 1);
        (LocalDate From, LocalDate? To)? dates = name switch
        {
            "today" => (today, null),
            "yesterday" => (today.PlusDays(-1), today),
            "this-week" => (monday, null),
            "last-week" => (monday.PlusWeeks(-1), monday),
            "this-month" => (first, null),
            "last-month" => (first.PlusMonths(-1), first),
            "last-7-days" => (today.PlusDays(-7), today),
            "last-28-days" => (today.PlusDays(-28), today),
            _ => null,
        };
        if (dates is not { } found)
        {
            error("period", Closest.Message(name, "a period", Names, Words));
            return null;
        }

        return (Boundaries.StartOf(found.From, zone), found.To is { } to ? Boundaries.StartOf(to, zone) : now);
    }
}
