using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Plans the slices of a query. Pure: the same query and time give the same plan. The windows cover the interval exactly once, so that every event is
/// counted once, also on days of 23 and 25 hours.
/// </summary>
internal static class SlicePlanner
{
    public static SlicePlan Plan(AggregatesQuery query, Duration settle) => Plan(query, settle, [new(QueueSharding.All, QueueSet.None)]);

    /// <param name="scopes">Disjoint scopes that cover the selected queues.</param>
    public static SlicePlan Plan(AggregatesQuery query, Duration settle, ImmutableArray<ScopedQueues> scopes)
    {
        var (from, to, endsNow) = query.Interval;
        var reach = endsNow ? query.Now : to;
        ImmutableArray<Instant> edges = query.Granularity is null
            ? [from, to]
            : [.. BucketBoundaries.Edges(from, reach, query.Granularity, query.Zone)];

        var tiling = new SliceTiling(query.Zone, query.Now, settle, new Interval(from, to));
        var pieces = query.Granularity switch
        {
            null => tiling.Total(from, to, endsNow),
            { Unit: GranularityUnit.Clock } granularity => tiling.Clock(granularity.Grain, from, reach),
            _ => tiling.Days(from, reach),
        };

        return new SlicePlan(edges, Uses(query, scopes, pieces));
    }

    /// <summary>
    /// Plans the interval as a single bucket. Few other queries share such a slice, but it takes only one Genesys request per metric group and scope,
    /// regardless of the number of queues.
    /// </summary>
    public static SlicePlan PlanWhole(AggregatesQuery query, ImmutableArray<ScopedQueues> scopes)
    {
        var (from, to, endsNow) = query.Interval;
        return new SlicePlan([from, to], Uses(query, scopes, [SliceTiling.Exactly(from, to, endsNow, query.Now)]));
    }

    private static ImmutableArray<SliceWindow> Uses(AggregatesQuery query, ImmutableArray<ScopedQueues> scopes, IReadOnlyList<PlannedWindow> pieces)
    {
        var groups = query.Metrics.Select(MetricCatalog.GroupFor).Prepend(MetricCatalog.StandardGroup).Distinct();
        return [.. from scope in scopes from grouped in groups from piece in pieces select piece.Use(grouped, query.Direction, query.Zone, scope)];
    }
}

/// <summary>The edges of a slice and the window that the query uses, before metrics and direction are applied.</summary>
internal readonly record struct PlannedWindow(Instant SliceFrom, Duration Step, int Buckets, FetchGranularity? Grain, Instant From, Instant To)
{
    public SliceWindow Use(MetricGroup group, string? direction, DateTimeZone zone, ScopedQueues scope)
    {
        var steps = Buckets > 1 ? Grain : null;
        // Genesys steps days in the requested zone. UTC and fixed lengths need no time zone.
        var timeZone = steps == FetchGranularity.Day && zone != DateTimeZone.Utc ? zone.Id : null;
        var key = new SliceKey(SliceFrom, Step, Buckets, group.Name, direction, scope.Scope);
        return new SliceWindow(new Slice(key, steps, timeZone, group) { Needed = scope.Queues }, From, To);
    }
}
