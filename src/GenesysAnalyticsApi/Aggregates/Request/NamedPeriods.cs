using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>The calendar periods that <c>period</c> accepts, in the requested time zone.</summary>
internal static class NamedPeriods
{
    public static IReadOnlyList<string> Names { get; } =
    [
        "today", "yesterday", "this-week", "last-week", "this-month", "last-month", "this-quarter", "last-quarter", "this-year", "last-year",
        "last-7-days", "last-28-days", "last-30-days", "last-90-days",
    ];

    // These words are not accepted: the error message suggests the name for the synonym. "Past week" is omitted, because it could mean the last calendar week
    // or the last seven days.
    private static readonly Synonyms Synonyms = new(
        ("today", "thisDay currentDay dayToDate"),
        ("yesterday", "previousDay prevDay"),
        ("this-week", "currentWeek weekToDate wtd"),
        ("last-week", "previousWeek prevWeek"),
        ("this-month", "currentMonth monthToDate mtd"),
        ("last-month", "previousMonth prevMonth"),
        ("this-quarter", "currentQuarter quarterToDate qtd"),
        ("last-quarter", "previousQuarter prevQuarter"),
        ("this-year", "currentYear yearToDate ytd"),
        ("last-year", "previousYear prevYear"),
        ("last-7-days", "7days 7d last7d past7days past7d previous7days lastSevenDays"),
        ("last-28-days", "28days 28d last28d past28days past28d previous28days"),
        ("last-30-days", "30days 30d last30d past30days past30d previous30days"),
        ("last-90-days", "90days 90d last90d past90days past90d previous90days"));

    /// <param name="name">In any letter case.</param>
    public static (Instant From, Instant To)? Resolve(string name, DateTimeZone zone, Instant now, Action<string, string> error)
    {
        var today = now.InZone(zone).Date;
        var monday = today.DayOfWeek == IsoDayOfWeek.Monday ? today : today.Previous(IsoDayOfWeek.Monday);
        var monthStart = new LocalDate(today.Year, today.Month, 1);
        var quarterStart = new LocalDate(today.Year, today.Month - ((today.Month - 1) % 3), 1);
        var yearStart = new LocalDate(today.Year, 1, 1);
        (LocalDate From, LocalDate? To)? dates = name.ToLowerInvariant() switch
        {
            "today" => (today, null),
            "yesterday" => (today.PlusDays(-1), today),
            "this-week" => (monday, null),
            "last-week" => (monday.PlusWeeks(-1), monday),
            "this-month" => (monthStart, null),
            "last-month" => (monthStart.PlusMonths(-1), monthStart),
            "this-quarter" => (quarterStart, null),
            "last-quarter" => (quarterStart.PlusMonths(-3), quarterStart),
            "this-year" => (yearStart, null),
            "last-year" => (yearStart.PlusYears(-1), yearStart),
            "last-7-days" => (today.PlusDays(-7), today),
            "last-28-days" => (today.PlusDays(-28), today),
            "last-30-days" => (today.PlusDays(-30), today),
            "last-90-days" => (today.PlusDays(-90), today),
            _ => null,
        };
        if (dates is not { } found)
        {
            error("period", DidYouMean.Message(name, "a period", Names, Synonyms));
            return null;
        }

        return (BucketBoundaries.StartOf(found.From, zone), found.To is { } to ? BucketBoundaries.StartOf(to, zone) : now);
    }

    /// <summary>Checks the edges of a period. A caller cannot move the edges of a period, so the granularity must change.</summary>
    /// <returns>False if an edge of the period is not on a boundary of the granularity; the error says so.</returns>
    public static bool IsAligned(string period, QueryInterval interval, Granularity granularity, DateTimeZone zone, Action<string, string> error)
    {
        var edge = IsBoundary(interval.From) ? interval.To : interval.From;
        if ((edge == interval.To && interval.EndsNow) || IsBoundary(edge))
        {
            return true;
        }

        error("period", $"'{InputExcerpt.Of(period)}' cannot be combined with 'granularity' {granularity}: the period {(edge == interval.From ? "starts" : "ends")} at "
            + $"{InstantFormat.Print(edge)}, which is not on a {granularity} boundary in {zone.Name}. Use granularity=P1D or a shorter one.");
        return false;

        bool IsBoundary(Instant instant) => BucketBoundaries.AtOrBefore(instant, granularity, zone) == instant;
    }
}
