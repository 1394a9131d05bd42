using GenesysAnalyticsApi.Aggregates.Time;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// The fixed grid that buckets up to an hour are fetched on: steps counted from the start of each day. Days are UTC days, so
/// that zones share slices; where the zone's offset does not fit the step (an hour in India), days are the zone's own.
/// </summary>
/// <param name="Grain">The step.</param>
/// <param name="Days">The zone whose days the steps are counted from.</param>
internal sealed record SliceGrid(FetchGranularity Grain, DateTimeZone Days)
{
    private static readonly FetchGranularity[] Finer = [FetchGranularity.Hour, FetchGranularity.HalfHour, FetchGranularity.QuarterHour, FetchGranularity.FiveMinutes];

    /// <summary>The coarsest grid, no coarser than asked, whose steps fall on the zone's wall clock all through the interval.</summary>
    public static SliceGrid For(FetchGranularity grain, DateTimeZone zone, Interval interval)
    {
        // Whole days count: slices are fetched whole, and a change later in the day must not leave a broken step behind.
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

        // No zone since 2000 is off five minutes; if one ever is, its own days still give true steps between two changes.
        return new SliceGrid(FetchGranularity.FiveMinutes, zone);
    }

    public Duration Step => Grain.Length;

    public (Instant From, Instant To) DayOf(Instant instant)
    {
        var date = instant.InZone(Days).Date;
        return (BucketBoundaries.StartOf(date, Days), BucketBoundaries.StartOf(date.PlusDays(1), Days));
    }

    /// <summary>The edge at or before, for steps of the given length counted from the grid's days.</summary>
    public Instant Floor(Instant instant, Duration step)
    {
        var day = DayOf(instant).From;
        return day + (step * ((instant - day).BclCompatibleTicks / step.BclCompatibleTicks));
    }

    /// <summary>The edge at or after.</summary>
    public Instant Ceiling(Instant instant, Duration step) => Floor(instant, step) is var floor && floor == instant ? floor : floor + step;
}
