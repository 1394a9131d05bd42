using GenesysAnalyticsApi.Aggregates.Time;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Covers windows of time with slices: sub-day sizes by days of a <see cref="SliceGrid"/>, days by local months. Today is its
/// closed hours and, alone, its open hour; days that can still change are fetched one by one.
/// </summary>
internal sealed class SliceTiling(DateTimeZone zone, Instant now, Duration settle, Interval interval)
{
    private static readonly Duration FiveMinutes = Duration.FromMinutes(5);
    private static readonly Duration WholeDay = Duration.FromHours(24);

    /// <summary>One bucket for the whole interval: whole local days as days, the rest as hours, the edges as fine as they are.</summary>
    public List<PlannedWindow> Total(Instant from, Instant to, bool endsNow)
    {
        var grid = SliceGrid.For(FetchGranularity.Hour, zone, interval);
        var step = grid.Grain.Length;
        var (first, last) = (grid.Ceiling(from, step), endsNow ? now : grid.Floor(to, step));
        if (first > last)
        {
            return [.. Edge(grid, from, to, endsNow)];
        }

        var pieces = new List<PlannedWindow>();
        if (from < first)
        {
            pieces.AddRange(Edge(grid, from, first, endsNow: false));
        }

        pieces.AddRange(HoursAndDays(grid, first, last));
        if (!endsNow && last < to)
        {
            pieces.AddRange(Edge(grid, last, to, endsNow: false));
        }

        return pieces;
    }

    /// <summary>Whole local days of [from, to); the open day, when to is now, by its hours.</summary>
    public List<PlannedWindow> Days(Instant from, Instant to)
    {
        var pieces = new List<PlannedWindow>();
        for (var day = from; day < to;)
        {
            var date = day.InZone(zone).Date;
            var end = BucketBoundaries.StartOf(date.PlusDays(1), zone);
            if (end > now)
            {
                pieces.AddRange(Clock(FetchGranularity.Hour, day, to));
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
            pieces.Add(new PlannedWindow(runFrom, WholeDay, (int)((runTo - runFrom) / WholeDay), FetchGranularity.Day, day, windowTo));
            day = windowTo;
        }

        return pieces;
    }

    /// <summary>Buckets of up to an hour in [from, to), both on the grid, or to being now: then the open bucket is taken whole.</summary>
    public List<PlannedWindow> Clock(FetchGranularity grain, Instant from, Instant to) => Clock(SliceGrid.For(grain, zone, interval), from, to);

    private List<PlannedWindow> Clock(SliceGrid grid, Instant from, Instant to)
    {
        var step = grid.Grain.Length;
        var pieces = new List<PlannedWindow>();
        for (var at = from; at < to;)
        {
            var (dayFrom, dayTo) = grid.DayOf(at);
            var closedTo = dayTo <= now ? dayTo : grid.Floor(now, Duration.FromHours(1));
            if (at < closedTo)
            {
                Add(dayFrom, closedTo, Instant.Min(closedTo, to));
            }
            else
            {
                // The open hour, up to the end of the bucket that contains now; that bucket is taken whole.
                var openTo = grid.Ceiling(now, step);
                Add(closedTo, openTo, to < now ? Instant.Min(openTo, to) : openTo);
            }

            void Add(Instant sliceFrom, Instant sliceTo, Instant windowTo)
            {
                pieces.Add(new PlannedWindow(sliceFrom, step, (int)((sliceTo - sliceFrom) / step), grid.Grain, at, windowTo));
                at = windowTo;
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
            return Clock(grid, from, to);
        }

        return [.. Clock(grid, from, firstDay), .. Days(firstDay, lastDay), .. Clock(grid, lastDay, to)];
    }

    /// <summary>Less than an hour at an edge of a total: from the five-minute slice of its hour, else exactly as asked.</summary>
    private IEnumerable<PlannedWindow> Edge(SliceGrid grid, Instant from, Instant to, bool endsNow)
    {
        var onFive = grid.Floor(from, FiveMinutes) == from && (endsNow || grid.Floor(to, FiveMinutes) == to);
        if (!onFive)
        {
            return [Exactly(from, to, endsNow, now)];
        }

        var hour = grid.Floor(from, grid.Grain.Length);
        var hourTo = Instant.Min(hour + grid.Grain.Length, grid.Ceiling(now, FiveMinutes));
        return [new PlannedWindow(hour, FiveMinutes, (int)((hourTo - hour) / FiveMinutes), FetchGranularity.FiveMinutes, from, endsNow ? hourTo : to)];
    }

    /// <summary>One bucket that is no part of a grid.</summary>
    public static PlannedWindow Exactly(Instant from, Instant to, bool endsNow, Instant now)
    {
        // What runs to now has this minute too, as every open bucket has what happened in it so far.
        var end = endsNow ? Instant.Max(to, Instant.FromUnixTimeSeconds(((now.ToUnixTimeSeconds() + 59) / 60) * 60)) : to;
        return new PlannedWindow(from, end - from, 1, null, from, end);
    }

    /// <summary>The stretch of settled days of 24 hours around a date, within its local month.</summary>
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

    /// <summary>A day on which the clocks change is asked for alone: how Genesys would step over it is not known.</summary>
    private bool IsSettledAndRegular(LocalDate date)
    {
        var (from, to) = (BucketBoundaries.StartOf(date, zone), BucketBoundaries.StartOf(date.PlusDays(1), zone));
        return to - from == WholeDay && to <= now - settle;
    }
}
