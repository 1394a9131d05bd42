using GenesysAnalyticsApi.Aggregates.Time;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// The fixed grid for buckets of up to an hour: steps counted from the start of each day. Days are UTC days, so that time zones share slices. If the
/// offset of the zone is not a multiple of the step (such as an hour in India), local days are used.
/// </summary>
/// <param name="Grain">The step.</param>
/// <param name="Days">The time zone whose days the steps are counted from.</param>
internal sealed record SliceGrid(FetchGranularity Grain, DateTimeZone Days)
{
    private static readonly FetchGranularity[] Finer = [FetchGranularity.Hour, FetchGranularity.HalfHour, FetchGranularity.QuarterHour, FetchGranularity.FiveMinutes];

    /// <summary>Returns the coarsest grid, up to the requested granularity, whose steps align with local time throughout the interval.</summary>
    public static SliceGrid For(FetchGranularity grain, DateTimeZone zone, Interval interval)
    {
        // The check covers whole days, because slices are fetched whole and must not contain a clock change later in the day.
        var days = new Interval(
            BucketBoundaries.StartOf(interval.Start.InZone(zone).Date, zone), BucketBoundaries.StartOf(interval.End.InZone(zone).Date.PlusDays(1), zone));
        var offsets = zone.GetZoneIntervals(days).Select(part => (long)part.WallOffset.Seconds).Distinct().ToList();
        foreach (var step in Finer.Where(step => step <= grain))
        {
            var seconds = (int)step * 60L;
            if (offsets.TrueForAll(offset => offset % seconds == 0))
            {
                return new SliceGrid(step, DateTimeZone.Utc);
            }

            if (offsets.TrueForAll(offset => (offset - offsets[0]) % seconds == 0))
            {
                return new SliceGrid(step, zone);
            }
        }

        // Every zone offset since 2000 is a multiple of five minutes. For any other, steps from local midnight still align between clock changes.
        return new SliceGrid(FetchGranularity.FiveMinutes, zone);
    }

    public Duration Step => Grain.Length;

    public (Instant From, Instant To) DayOf(Instant instant)
    {
        var date = instant.InZone(Days).Date;
        return (BucketBoundaries.StartOf(date, Days), BucketBoundaries.StartOf(date.PlusDays(1), Days));
    }

    /// <summary>Returns the last edge at or before the instant, for steps of this length from the start of the grid's day.</summary>
    public Instant Floor(Instant instant, Duration step)
    {
        var day = DayOf(instant).From;
        return day + (step * ((instant - day).BclCompatibleTicks / step.BclCompatibleTicks));
    }

    /// <summary>Returns the first edge at or after the instant.</summary>
    public Instant Ceiling(Instant instant, Duration step) => Floor(instant, step) is var floor && floor == instant ? floor : floor + step;
}
