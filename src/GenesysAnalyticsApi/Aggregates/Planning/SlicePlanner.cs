using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Plans the slices of a query. Pure: the same query and time give the same plan. The windows cover the included time exactly once, so every event is
/// counted once, even on days of 23 or 25 hours.
/// </summary>
internal static class SlicePlanner
{
    public static SlicePlan Plan(AggregatesQuery query, Duration settle) => Plan(query, settle, [new(QueueSharding.All, QueueSet.None)]);

    /// <param name="scopes">Disjoint scopes that cover the selected queues.</param>
    public static SlicePlan Plan(AggregatesQuery query, Duration settle, ImmutableArray<ScopedQueues> scopes) =>
        WithComparison(query, ownOrCompared => PlanInterval(ownOrCompared, settle, scopes));

    /// <summary>
    /// Plans the interval as a single bucket. Few other queries share such a slice, but it usually takes only one Genesys request per metric group and scope,
    /// regardless of the length of the interval.
    /// </summary>
    public static SlicePlan PlanAsOneBucket(AggregatesQuery query, ImmutableArray<ScopedQueues> scopes) => WithComparison(query, ownOrCompared =>
    {
        var (from, to, endsNow) = ownOrCompared.Interval;
        return new SlicePlan([from, to], WindowsOf(ownOrCompared, scopes, [SliceTiling.Exactly(from, to, endsNow, ownOrCompared.Now)]));
    });

    private static SlicePlan WithComparison(AggregatesQuery query, Func<AggregatesQuery, SlicePlan> plan) =>
        query.Comparison is { } comparison ? plan(query) with { Previous = plan(query with { Interval = comparison.Interval }) } : plan(query);

    private static SlicePlan PlanInterval(AggregatesQuery query, Duration settle, ImmutableArray<ScopedQueues> scopes)
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
            return new SlicePlan(edges, WindowsOf(query, scopes, tiling.Cover(SliceGrid.For(grain, query.Zone, interval), byDays, from, to, endsNow)));
        }

        // Covers only the parts of the interval that the filter includes, on a grid with edges at the starts and ends of these parts.
        var grid = SliceGrid.AlignedToClockChanges((FetchGranularity)Math.Min((int)grain, (int)filter.Grain), query.Zone, interval);
        var includedRanges = filter.IncludedIntervals(from, effectiveEnd, query.Zone);
        var pieces = includedRanges.SelectMany(range => range.To == effectiveEnd && endsNow
            ? tiling.Cover(grid, byDays, range.From, to, endsNow: true)
            : tiling.Cover(grid, byDays, range.From, range.To, endsNow: false)).ToList();
        return new SlicePlan(edges, WindowsOf(query, scopes, pieces)) { IsBucketIncluded = IncludedBuckets(edges, includedRanges) };
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

    private static ImmutableArray<SliceWindow> WindowsOf(AggregatesQuery query, ImmutableArray<ScopedQueues> scopes, IReadOnlyList<PlannedWindow> pieces)
    {
        return [.. from scope in scopes from metricGroup in query.MetricGroups from piece in pieces select piece.Apply(metricGroup, query, scope)];
    }
}

/// <summary>The edges of a slice and the window that the query uses, before metrics, direction and scope are applied.</summary>
internal readonly record struct PlannedWindow(Instant SliceFrom, Duration Step, int BucketCount, FetchGranularity? Grain, Instant From, Instant To)
{
    public SliceWindow Apply(MetricGroup group, AggregatesQuery query, ScopedQueues scope)
    {
        // Genesys divides the interval into days of the requested zone. UTC and buckets of a fixed length need no time zone.
        var timeZone = BucketCount > 1 && Grain == FetchGranularity.Day && query.Zone != DateTimeZone.Utc ? query.Zone.IanaName : null;
        var key = new SliceKey(SliceFrom, Step, BucketCount, group.Name, query.Direction, scope.Scope) { Dimensions = query.Dimensions };
        return new SliceWindow(new Slice(key, Grain, timeZone, group) { NeededQueues = scope.Queues, CoversAllQueues = scope.CoversAllQueues }, From, To);
    }
}

/// <summary>
/// Chooses among plans that produce the same figures. Prefers the slices that all queries share. If such a plan needs more Genesys requests than it has
/// slices, a plan that needs fewer requests replaces it: for a query of some queues, the shards of these queues; for a query without granularity that would
/// otherwise be too wide, one bucket for its interval.
/// </summary>
internal sealed class PlanSelector(
    QueueSharding sharding, LearnedSliceSize sizes, IOptions<AggregatesOptions> options, IOptions<GenesysOptions> genesys)
{
    /// <param name="isFresh">Whether a slice is in the cache and fresh enough for the query.</param>
    public async Task<SlicePlan> ChooseAsync(AggregatesQuery query, ResolvedQueues selection, Func<Slice, Task<bool>> isFresh)
    {
        var settle = Duration.FromHours(genesys.Value.SettleHours);
        var (plan, calls) = await WithRequestCountAsync(SlicePlanner.Plan(query, settle, sharding.ScopesFor(selection, query.Dimensions)));
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
            var asOneBucket = await WithRequestCountAsync(SlicePlanner.PlanAsOneBucket(query, sharding.ScopesFor(selection, query.Dimensions)));
            (plan, calls) = asOneBucket.Calls < calls ? asOneBucket : (plan, calls);
        }

        return plan;

        async Task<(SlicePlan Plan, int Calls)> WithRequestCountAsync(SlicePlan candidate)
        {
            // Cached slices need no request. The cache is searched only if the estimate exceeds one request per slice.
            var (slices, requests) = (candidate.Slices, candidate.Slices.Sum(sizes.RequestsFor));
            foreach (var slice in requests > slices.Length ? slices : [])
            {
                requests -= await isFresh(slice) ? sizes.RequestsFor(slice) : 0;
            }

            return (candidate, requests);
        }
    }
}
