using GenesysAnalyticsApi.Aggregates.Time;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// The fixed grid for buckets of up to an hour: steps from the start of each day. Days are UTC days, so that time zones share slices. If the offset of
/// the zone is not a multiple of the step (for example with one-hour steps in India, UTC+05:30), the grid uses local days.
/// </summary>
/// <param name="Grain">The granularity of the steps.</param>
/// <param name="DayZone">The time zone of the days. The steps begin at the start of each day.</param>
internal sealed record SliceGrid(FetchGranularity Grain, DateTimeZone DayZone)
{
    private static readonly FetchGranularity[] StepsCoarsestFirst = [FetchGranularity.Hour, FetchGranularity.HalfHour, FetchGranularity.QuarterHour, FetchGranularity.FiveMinutes];

    /// <summary>Returns the coarsest grid that is no coarser than requested and has steps that align with local time throughout the interval.</summary>
    public static SliceGrid For(FetchGranularity grain, DateTimeZone zone, Interval interval)
    {
        // Checks whole days: a slice can extend to the end of its day, so a clock change later that day matters too.
        var days = new Interval(
            BucketBoundaries.StartOf(interval.Start.InZone(zone).Date, zone), BucketBoundaries.StartOf(interval.End.InZone(zone).Date.PlusDays(1), zone));
        var offsets = zone.GetZoneIntervals(days).Select(part => (long)part.WallOffset.Seconds).Distinct().ToList();
        foreach (var step in StepsCoarsestFirst.Where(step => step <= grain))
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

        // Every zone offset since 2000 is a multiple of five minutes. For any other offset, steps from local midnight still align between clock changes.
        return new SliceGrid(FetchGranularity.FiveMinutes, zone);
    }

    /// <summary>
    /// Like <see cref="For"/>, but with steps short enough that every clock change falls on an edge. Local time is then continuous within each step.
    /// </summary>
    public static SliceGrid AlignedToClockChanges(FetchGranularity grain, DateTimeZone zone, Interval interval)
    {
        List<Instant> changes = [.. zone.GetZoneIntervals(interval).Where(part => part.HasStart && part.Start > interval.Start).Select(part => part.Start)];
        return StepsCoarsestFirst.Where(step => step <= grain)
            .Select(step => For(step, zone, interval))
            .FirstOrDefault(grid => changes.TrueForAll(change => grid.Floor(change, grid.Step) == change))
            ?? new SliceGrid(FetchGranularity.FiveMinutes, zone);
    }

    public Duration Step => Grain.Length;

    public (Instant From, Instant To) DayOf(Instant instant)
    {
        var date = instant.InZone(DayZone).Date;
        return (BucketBoundaries.StartOf(date, DayZone), BucketBoundaries.StartOf(date.PlusDays(1), DayZone));
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
