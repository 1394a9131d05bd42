using CsCheck;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;

/// <summary>Random filters by local hours and weekdays, and a reference implementation of what a filter includes.</summary>
internal static class GenLocalTime
{
    private static readonly Gen<LocalHours> Hours =
        from step in Gen.Int[0, 3].Select(step => new[] { 5, 15, 30, 60 }[step])
        from ends in Gen.Select(Gen.Int[0, (1440 / step) - 1], Gen.Int[1, 1440 / step]).Where(ends => ends.Item1 != ends.Item2)
        select new LocalHours(ends.Item1 * step, ends.Item2 * step);

    public static readonly Gen<LocalTimeFilter> Filter =
        from hours in Hours.Array[0, 3]
        from days in Gen.Int[1, 7].Array[hours.Length == 0 ? 1 : 0, 4]
        select new LocalTimeFilter([.. hours.Distinct().OrderBy(range => range.From).ThenBy(range => range.To)], [.. days.Distinct().Order().Select(day => (IsoDayOfWeek)day)]);

    public static LocalTimeFilter Of(string hours, string weekdays) => ShapingRules.LocalTimeOf(new()
    {
        Hours = hours.Length == 0 ? null : [hours],
        Weekdays = weekdays.Length == 0 ? null : [weekdays],
    })!;

    public static bool Includes(LocalTimeFilter filter, LocalDateTime local)
    {
        var minute = (local.Hour * 60) + local.Minute;
        return (filter.Weekdays.IsEmpty || filter.Weekdays.Contains(local.DayOfWeek))
            && (filter.Hours.IsEmpty || filter.Hours.Any(range => range.From < range.To ? minute >= range.From && minute < range.To : minute >= range.From || minute < range.To));
    }
}
