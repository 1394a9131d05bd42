namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>How far back the compared interval lies, in local time: calendar units, or the length of the interval.</summary>
internal readonly record struct LocalShift(int Months = 0, int Days = 0, long Ticks = 0)
{
    private const int MonthsPerYear = 12;

    public static LocalShift OneWeek { get; } = new(Days: 7);

    public static LocalShift OneYear { get; } = new(Months: MonthsPerYear);

    /// <summary>
    /// The same local time in the earlier interval; null if the earlier month has no such day (30 March has no counterpart in February). A year before
    /// 29 February is 28 February.
    /// </summary>
    public LocalDateTime? Back(LocalDateTime local)
    {
        var shifted = local.PlusMonths(-Months);
        return shifted.Day == local.Day || Months == MonthsPerYear ? shifted.PlusDays(-Days).PlusTicks(-Ticks) : null;
    }

    /// <summary>
    /// The counterpart of the end of an interval. If the earlier month has no such day, the compared interval extends to the end of that month. An end at
    /// midnight belongs to the day before. A year before an interval within 29 February, the compared interval ends on 28 February at the same time.
    /// </summary>
    /// <param name="from">The start of the interval.</param>
    public LocalDateTime BackEnd(LocalDateTime end, LocalDateTime from)
    {
        var shifted = end.PlusMonths(-Months);
        var isKept = shifted.Day == end.Day || (Months == MonthsPerYear && end.Date == from.Date);
        return (isKept ? shifted : shifted.Date.PlusDays(1).AtMidnight()).PlusDays(-Days).PlusTicks(-Ticks);
    }
}

/// <summary>The shift from each <c>period</c> to the calendar unit before it, for <c>compare=previous</c>.</summary>
internal static class PrecedingUnit
{
    private static readonly Dictionary<string, LocalShift> Shifts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["today"] = new(Days: 1),
        ["yesterday"] = new(Days: 1),
        ["this-week"] = LocalShift.OneWeek,
        ["last-week"] = LocalShift.OneWeek,
        ["this-month"] = new(Months: 1),
        ["last-month"] = new(Months: 1),
        ["this-quarter"] = new(Months: 3),
        ["last-quarter"] = new(Months: 3),
        ["this-year"] = LocalShift.OneYear,
        ["last-year"] = LocalShift.OneYear,
        ["last-7-days"] = new(Days: 7),
        ["last-28-days"] = new(Days: 28),
        ["last-30-days"] = new(Days: 30),
        ["last-90-days"] = new(Days: 90),
    };

    /// <summary>Returns null for a name that is not a period.</summary>
    public static LocalShift? Of(string period) => Shifts.TryGetValue(period.Trim(), out var shift) ? shift : null;
}
