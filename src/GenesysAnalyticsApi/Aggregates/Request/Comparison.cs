using GenesysAnalyticsApi.Aggregates.Time;
using NodaTime.TimeZones;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>The interval with which a query is compared (<c>compare</c>).</summary>
/// <param name="Name">The wire name.</param>
/// <param name="Interval">The compared interval. Its end is fixed: if the query ends now, only the elapsed part of its interval is compared.</param>
/// <param name="Shift">The shift in local time by which the buckets of both intervals are paired.</param>
internal sealed record Comparison(string Name, QueryInterval Interval, LocalShift Shift)
{
    public static readonly string[] Names = ["previous", "previous-week", "previous-year"];

    // If a clock change skips a local time, the instant of the change replaces it, as for bucket boundaries.
    private static readonly ZoneLocalMappingResolver Lenient = Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// <summary>Resolves the compared interval. Reports an error if this interval would start too early, or within a week or month bucket.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="period">The calendar period that specified the interval, or null.</param>
    public static Comparison? Resolve(string name, string? period, QueryInterval interval, DateTimeZone zone, Granularity? granularity, Action<string> error)
    {
        var shift = name switch
        {
            "previous-week" => LocalShift.OneWeek,
            "previous-year" => LocalShift.OneYear,
            _ => (period is null ? null : PrecedingUnit.Of(period)) ?? LengthOf(interval, zone, granularity),
        };
        var (localFrom, localTo) = (interval.From.InZone(zone).LocalDateTime, interval.To.InZone(zone).LocalDateTime);
        var from = (shift.Back(localFrom) ?? shift.BackEnd(localFrom, localFrom)).InZone(zone, Lenient).ToInstant();
        var to = shift.BackEnd(localTo, localFrom).InZone(zone, Lenient).ToInstant();
        if (granularity is not null && BucketBoundaries.AtOrBefore(from, granularity, zone) is var start && start != from)
        {
            if (granularity.Unit is GranularityUnit.Week or GranularityUnit.Month)
            {
                error($"'{name}' cannot be combined with granularity={granularity} for this interval: the compared interval would start at {InstantFormat.PrintSeconds(from)}, where no {granularity} bucket starts in {zone.Name}. Use granularity=P1D.");
                return null;
            }

            // With shorter buckets, only a clock change can cause the difference.
            from = start;
        }

        if (granularity is not null && !interval.EndsNow && BucketBoundaries.AtOrBefore(to, granularity, zone) != to)
        {
            to = BucketBoundaries.After(to, granularity, zone);
        }

        to = Instant.Min(to, name == Names[0] ? interval.From : interval.To);
        if (from >= to)
        {
            // Within an hour that a clock change repeats, local time does not advance, so the compared interval would be empty.
            (from, to) = (interval.From - (interval.To - interval.From), interval.From);
            from = granularity is null ? from : BucketBoundaries.AtOrBefore(from, granularity, zone);
        }

        if (from < QueryInterval.Earliest)
        {
            error($"'{name}' would compare with data from {InstantFormat.PrintSeconds(from)}, which is too long ago: the compared interval must start at {InstantFormat.Print(QueryInterval.Earliest)} or later.");
            return null;
        }

        return new Comparison(name, new QueryInterval(from, to, EndsNow: false), shift);
    }

    /// <summary>The length of the interval in local time, rounded up to whole buckets, so that the buckets of the two intervals correspond.</summary>
    private static LocalShift LengthOf(QueryInterval interval, DateTimeZone zone, Granularity? granularity)
    {
        var (from, to) = (interval.From.InZone(zone).LocalDateTime, interval.To.InZone(zone).LocalDateTime);
        var ticks = Period.Between(from, to, PeriodUnits.Ticks).Ticks;
        var lastDate = to.TimeOfDay == LocalTime.Midnight ? to.Date.PlusDays(-1) : to.Date;
        var days = Period.DaysBetween(from.Date, lastDate) + 1;
        return granularity switch
        {
            null => new(Ticks: ticks > 0 ? ticks : (interval.To - interval.From).BclCompatibleTicks),
            { Unit: GranularityUnit.Month } => new(Months: ((lastDate.Year - from.Year) * 12) + lastDate.Month - from.Month + 1),
            { Unit: GranularityUnit.Week } => new(Days: (days + 6) / 7 * 7),
            { Unit: GranularityUnit.Day } => new(Days: days),
            _ => new(Ticks: WholeBuckets(ticks, granularity.Minutes * NodaConstants.TicksPerMinute)),
        };
    }

    private static long WholeBuckets(long ticks, long bucket) => Math.Max(1, (ticks + bucket - 1) / bucket) * bucket;
}
