using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Plans the slices of a query. Pure: the same query and time give the same plan. The windows cover the interval exactly once, so that every event is
/// counted once, even on days of 23 or 25 hours.
/// </summary>
internal static class SlicePlanner
{
    public static SlicePlan Plan(AggregatesQuery query, Duration settle) => Plan(query, settle, [new(QueueSharding.All, QueueSet.None)]);

    /// <param name="scopes">Disjoint scopes that cover the selected queues.</param>
    public static SlicePlan Plan(AggregatesQuery query, Duration settle, ImmutableArray<ScopedQueues> scopes) =>
        WithComparison(query, one => PlanOne(one, settle, scopes));

    /// <summary>
    /// Plans the interval as a single bucket. Few other queries share such a slice, but it takes only one Genesys request per metric group and scope,
    /// regardless of the number of queues.
    /// </summary>
    public static SlicePlan PlanAsOneBucket(AggregatesQuery query, ImmutableArray<ScopedQueues> scopes) => WithComparison(query, one =>
    {
        var (from, to, endsNow) = one.Interval;
        return new SlicePlan([from, to], Uses(one, scopes, [SliceTiling.Exactly(from, to, endsNow, one.Now)]));
    });

    private static SlicePlan WithComparison(AggregatesQuery query, Func<AggregatesQuery, SlicePlan> plan) =>
        query.Comparison is { } comparison ? plan(query) with { Previous = plan(query with { Interval = comparison.Interval }) } : plan(query);

    private static SlicePlan PlanOne(AggregatesQuery query, Duration settle, ImmutableArray<ScopedQueues> scopes)
    {
        var (from, to, endsNow) = query.Interval;
        var (interval, effectiveEnd) = (new Interval(from, to), endsNow ? query.Now : to);
        ImmutableArray<Instant> edges = query.Granularity is null
            ? [from, to]
            : [.. BucketBoundaries.Edges(from, effectiveEnd, query.Granularity, query.Zone)];

        var tiling = new SliceTiling(query.Zone, query.Now, settle);
        var byDays = query.Granularity is not { Unit: GranularityUnit.Clock };
        var grain = byDays ? FetchGranularity.Hour : query.Granularity!.Grain;
        if (query.LocalTime is not { } filter)
        {
            return new SlicePlan(edges, Uses(query, scopes, tiling.Cover(SliceGrid.For(grain, query.Zone, interval), byDays, from, to, endsNow)));
        }

        // Covers only the parts of the interval that the filter includes, on a grid whose edges match their starts and ends.
        var grid = SliceGrid.AlignedToClockChanges((FetchGranularity)Math.Min((int)grain, (int)filter.Grain), query.Zone, interval);
        var includedRanges = filter.Runs(from, effectiveEnd, query.Zone);
        var pieces = includedRanges.SelectMany(range => range.To == effectiveEnd && endsNow
            ? tiling.Cover(grid, byDays, range.From, to, endsNow: true)
            : tiling.Cover(grid, byDays, range.From, range.To, endsNow: false)).ToList();
        return new SlicePlan(edges, Uses(query, scopes, pieces)) { IsBucketIncluded = IncludedBuckets(edges, includedRanges) };
    }

    /// <summary>For each bucket, whether one of the ranges overlaps it.</summary>
    private static ImmutableArray<bool> IncludedBuckets(ImmutableArray<Instant> edges, IReadOnlyList<(Instant From, Instant To)> includedRanges)
    {
        var isIncluded = new bool[edges.Length - 1];
        foreach (var (from, to) in includedRanges)
        {
            for (var bucket = Math.Max(0, FactsMerger.BucketAt(edges, from)); bucket < isIncluded.Length && edges[bucket] < to; bucket++)
            {
                isIncluded[bucket] = true;
            }
        }

        return [.. isIncluded];
    }

    private static ImmutableArray<SliceWindow> Uses(AggregatesQuery query, ImmutableArray<ScopedQueues> scopes, IReadOnlyList<PlannedWindow> pieces)
    {
        return [.. from scope in scopes from metricGroup in query.MetricGroups from piece in pieces select piece.Use(metricGroup, query, scope)];
    }
}

/// <summary>The edges of a slice and the window of it that the query uses, before metrics and direction are applied.</summary>
internal readonly record struct PlannedWindow(Instant SliceFrom, Duration Step, int Buckets, FetchGranularity? Grain, Instant From, Instant To)
{
    public SliceWindow Use(MetricGroup group, AggregatesQuery query, ScopedQueues scope)
    {
        var requestedGranularity = Buckets > 1 ? Grain : null;
        // Genesys divides the interval into days of the requested zone. UTC and fixed lengths need no time zone.
        var timeZone = requestedGranularity == FetchGranularity.Day && query.Zone != DateTimeZone.Utc ? query.Zone.IanaName : null;
        var key = new SliceKey(SliceFrom, Step, Buckets, group.Name, query.Direction, scope.Scope) { Dimensions = query.Dimensions };
        return new SliceWindow(new Slice(key, requestedGranularity, timeZone, group) { Needed = scope.Queues, IsOfAll = scope.IsOfAll }, From, To);
    }
}

/// <summary>
/// Chooses among plans that produce the same figures. Prefers slices of all queues, because all queries share them. If these need many Genesys
/// requests, a query for some queues uses their shards, and a query without granularity uses one bucket for its interval.
/// </summary>
internal sealed class PlanSelector(
    QueueSharding sharding, LearnedSliceSize sizes, IOptions<AggregatesOptions> options, IOptions<GenesysOptions> genesys)
{
    /// <param name="isFresh">Whether a slice is in the cache and fresh enough for the query.</param>
    public async Task<SlicePlan> ChooseAsync(AggregatesQuery query, ResolvedQueues selection, Func<Slice, Task<bool>> isFresh)
    {
        var settle = Duration.FromHours(genesys.Value.SettleHours);
        var (plan, calls) = await WithRequestCountAsync(SlicePlanner.Plan(query, settle, sharding.For(selection, query.Dimensions)));
        if (calls <= plan.Slices.Length)
        {
            return plan;
        }

        if (!selection.IsEverything)
        {
            var byShards = await WithRequestCountAsync(SlicePlanner.Plan(query, settle, sharding.ShardsFor(selection, query.Dimensions)));
            (plan, calls) = byShards.Calls < calls ? byShards : (plan, calls);
        }

        if (query is { Granularity: null, LocalTime: null } && calls > options.Value.AsyncAboveCalls)
        {
            var whole = await WithRequestCountAsync(SlicePlanner.PlanAsOneBucket(query, sharding.For(selection, query.Dimensions)));
            (plan, calls) = whole.Calls < calls ? whole : (plan, calls);
        }

        return plan;

        async Task<(SlicePlan Plan, int Calls)> WithRequestCountAsync(SlicePlan candidate)
        {
            // Cached slices need no request. They are looked up only if the estimate exceeds one request per slice.
            var (slices, requests) = (candidate.Slices, candidate.Slices.Sum(sizes.RequestsFor));
            foreach (var slice in requests > slices.Length ? slices : [])
            {
                requests -= await isFresh(slice) ? sizes.RequestsFor(slice) : 0;
            }

            return (candidate, requests);
        }
    }
}

/// <summary>
/// The fixed grid for buckets of up to an hour: steps from the start of each day. Days are UTC days, so that time zones share slices. If the offset of
/// the zone is not a multiple of the step (such as one-hour steps in India, UTC+05:30), the grid uses local days.
/// </summary>
/// <param name="Grain">The granularity of the steps.</param>
/// <param name="DayZone">The time zone whose days the grid's steps start from.</param>
internal sealed record SliceGrid(FetchGranularity Grain, DateTimeZone DayZone)
{
    private static readonly FetchGranularity[] StepsCoarsestFirst = [FetchGranularity.Hour, FetchGranularity.HalfHour, FetchGranularity.QuarterHour, FetchGranularity.FiveMinutes];

    /// <summary>Returns the coarsest grid that is no coarser than requested and whose steps align with local time throughout the interval.</summary>
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
