using GenesysAnalyticsApi.Aggregates.Time;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Covers time ranges with slices. A slice of buckets shorter than a day spans at most one day of a <see cref="SliceGrid"/>; a slice of days spans at most
/// one local month. The current day is divided into its completed hours and the open hour. Days that can still change, and days with a clock
/// change, are fetched one by one.
/// </summary>
internal sealed class SliceTiling(DateTimeZone zone, Instant now, Duration settle)
{
    private static readonly Duration FiveMinutes = Duration.FromMinutes(5);
    private static readonly Duration WholeDay = Duration.FromHours(24);

    /// <summary>
    /// Covers [from, to) with whole steps of the grid or whole local days, and with finer buckets at an end that does not lie on the grid. If the interval ends
    /// now, the whole open bucket is included.
    /// </summary>
    /// <param name="byDays">Whether to fetch whole days as buckets of a day instead of steps within a day.</param>
    public List<PlannedWindow> Cover(SliceGrid grid, bool byDays, Instant from, Instant to, bool endsNow)
    {
        var step = grid.Grain.Length;
        var (first, last) = (grid.Ceiling(from, step), endsNow ? now : grid.Floor(to, step));
        if (first > last)
        {
            return [.. PartOfStep(grid, from, to, endsNow)];
        }

        var pieces = new List<PlannedWindow>();
        if (from < first)
        {
            pieces.AddRange(PartOfStep(grid, from, first, endsNow: false));
        }

        pieces.AddRange(byDays ? HoursAndDays(grid, first, last) : Steps(grid, first, last));
        if (!endsNow && last < to)
        {
            pieces.AddRange(PartOfStep(grid, last, to, endsNow: false));
        }

        return pieces;
    }

    /// <summary>Covers [from, to) with whole local days. The current day is covered by the steps of the grid.</summary>
    private List<PlannedWindow> Days(SliceGrid grid, Instant from, Instant to)
    {
        var pieces = new List<PlannedWindow>();
        for (var day = from; day < to;)
        {
            var date = day.InZone(zone).Date;
            var end = BucketBoundaries.StartOf(date.PlusDays(1), zone);
            if (end > now)
            {
                pieces.AddRange(Steps(grid, day, to));
                break;
            }

            if (!IsSettledAndRegular(date))
            {
                pieces.Add(new PlannedWindow(day, end - day, 1, FetchGranularity.Day, day, end));
                day = end;
                continue;
            }

            var (runFrom, runTo) = MonthRun(date);
            var windowTo = Instant.Min(runTo, to);
            // Genesys divides intervals into days of named zones only. If no named zone has the offset of this zone, days are folded from hours.
            var grain = zone.IanaName is null ? FetchGranularity.Hour : FetchGranularity.Day;
            pieces.Add(new PlannedWindow(runFrom, grain.Length, (int)((runTo - runFrom) / grain.Length), grain, day, windowTo));
            day = windowTo;
        }

        return pieces;
    }

    /// <summary>
    /// Covers buckets of up to an hour in [from, to). Both ends are on the grid, or <paramref name="to"/> is the current time, in which case the whole open
    /// bucket is included.
    /// </summary>
    private List<PlannedWindow> Steps(SliceGrid grid, Instant from, Instant to)
    {
        var step = grid.Grain.Length;
        var pieces = new List<PlannedWindow>();
        for (var cursor = from; cursor < to;)
        {
            var (dayFrom, dayTo) = grid.DayOf(cursor);
            var closedTo = dayTo <= now ? dayTo : grid.Floor(now, Duration.FromHours(1));
            if (cursor < closedTo)
            {
                Add(dayFrom, closedTo, Instant.Min(closedTo, to));
            }
            else
            {
                // The open hour ends with the bucket that contains the current time.
                var openTo = grid.Ceiling(now, step);
                Add(closedTo, openTo, to < now ? Instant.Min(openTo, to) : openTo);
            }

            void Add(Instant sliceFrom, Instant sliceTo, Instant windowTo)
            {
                pieces.Add(new PlannedWindow(sliceFrom, step, (int)((sliceTo - sliceFrom) / step), grid.Grain, cursor, windowTo));
                cursor = windowTo;
            }
        }

        return pieces;
    }

    private List<PlannedWindow> HoursAndDays(SliceGrid grid, Instant from, Instant to)
    {
        var fromDate = from.InZone(zone).Date;
        var firstDay = BucketBoundaries.StartOf(fromDate, zone) == from ? from : BucketBoundaries.StartOf(fromDate.PlusDays(1), zone);
        var lastDay = BucketBoundaries.StartOf(to.InZone(zone).Date, zone);
        if (firstDay >= lastDay)
        {
            return Steps(grid, from, to);
        }

        return [.. Steps(grid, from, firstDay), .. Days(grid, firstDay, lastDay), .. Steps(grid, lastDay, to)];
    }

    /// <summary>
    /// Covers a part of one step at an end of the interval: with the five-minute buckets of the step if possible, otherwise with one exact bucket.
    /// </summary>
    private IEnumerable<PlannedWindow> PartOfStep(SliceGrid grid, Instant from, Instant to, bool endsNow)
    {
        var isOnFiveMinutes = grid.Floor(from, FiveMinutes) == from && (endsNow || grid.Floor(to, FiveMinutes) == to);
        if (!isOnFiveMinutes)
        {
            return [Exactly(from, to, endsNow, now)];
        }

        var stepFrom = grid.Floor(from, grid.Grain.Length);
        var stepTo = Instant.Min(stepFrom + grid.Grain.Length, grid.Ceiling(now, FiveMinutes));
        return [new PlannedWindow(stepFrom, FiveMinutes, (int)((stepTo - stepFrom) / FiveMinutes), FetchGranularity.FiveMinutes, from, endsNow ? stepTo : to)];
    }

    /// <summary>
    /// Returns one bucket with these ends. If the bucket can be a whole day on the grid of some time zone, it gets the grain of the grid: its key is that of the
    /// grid's slice, so the two are one entry of the cache. That entry would otherwise be due early and removed early, although other queries need it.
    /// </summary>
    public static PlannedWindow Exactly(Instant from, Instant to, bool endsNow, Instant now)
    {
        // An interval that ends now includes the whole current minute, as every open bucket does.
        var end = endsNow ? Instant.Max(to, Instant.FromUnixTimeSeconds(((now.ToUnixTimeSeconds() + 59) / 60) * 60)) : to;
        return new PlannedWindow(from, end - from, 1, end <= now && CanBeDay(from, end - from) ? FetchGranularity.Day : null, from, end);
    }

    // Days begin on a quarter hour of UTC. A clock change lengthens or shortens a day by half an hour or an hour.
    private static bool CanBeDay(Instant from, Duration length) =>
        from.ToUnixTimeSeconds() % 900 == 0 && (length - WholeDay).BclCompatibleTicks % (TimeSpan.TicksPerHour / 2) == 0
        && length >= WholeDay - Duration.FromHours(1) && length <= WholeDay + Duration.FromHours(1);

    /// <summary>The consecutive settled 24-hour days around a date, within the local month of the date.</summary>
    private (Instant From, Instant To) MonthRun(LocalDate date)
    {
        var (first, last) = (date, date);
        while (first.Day > 1 && IsSettledAndRegular(first.PlusDays(-1)))
        {
            first = first.PlusDays(-1);
        }

        while (last.PlusDays(1).Month == date.Month && IsSettledAndRegular(last.PlusDays(1)))
        {
            last = last.PlusDays(1);
        }

        return (BucketBoundaries.StartOf(first, zone), BucketBoundaries.StartOf(last.PlusDays(1), zone));
    }

    /// <summary>
    /// Whether a day has settled and lasts 24 hours. A day with a clock change is fetched alone, because Genesys does not document how it divides intervals
    /// across clock changes.
    /// </summary>
    private bool IsSettledAndRegular(LocalDate date)
    {
        var (from, to) = (BucketBoundaries.StartOf(date, zone), BucketBoundaries.StartOf(date.PlusDays(1), zone));
        return to - from == WholeDay && to <= now - settle;
    }
}
