using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Facts;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Turns a question into slices of a fixed grid. Pure: the same question at the same now gives the same plan. The windows of
/// the plan cover the interval exactly once, so folding them counts every event once, on days of 23 and 25 hours too.
/// </summary>
internal static class SlicePlanner
{
    public static SlicePlan Plan(AggregatesQuery query, Duration settle) => Plan(query, settle, [new(QueueSharding.All, QueueSet.None)]);

    /// <param name="scopes">The parts of the organisation that answer for the queues asked for, without overlap.</param>
    public static SlicePlan Plan(AggregatesQuery query, Duration settle, ImmutableArray<ScopedQueues> scopes)
    {
        var (from, to, endsNow) = query.Interval;
        var reach = endsNow ? query.Now : to;
        ImmutableArray<Instant> edges = query.Granularity is null
            ? [from, to]
            : [.. BucketBoundaries.Edges(from, reach, query.Granularity, query.Zone)];

        var cover = new SliceTiling(query.Zone, query.Now, settle, new Interval(from, to));
        var pieces = query.Granularity switch
        {
            null => cover.Total(from, to, endsNow),
            { Unit: GranularityUnit.Clock } granularity => cover.Clock(granularity.Grain, from, reach),
            _ => cover.Days(from, reach),
        };

        return new SlicePlan(edges, Uses(query, scopes, pieces));
    }

    /// <summary>
    /// A total as one bucket, exactly as long as it was asked for. Hardly any other question shares it, but it never takes more than one
    /// question for each metric group and scope, however many queues there are.
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

/// <summary>A slice's edges and the window a question takes of it, before metrics and direction are known.</summary>
internal readonly record struct PlannedWindow(Instant SliceFrom, Duration Step, int Buckets, FetchGranularity? Grain, Instant From, Instant To)
{
    public SliceWindow Use(MetricGroup group, string? direction, DateTimeZone zone, ScopedQueues scope)
    {
        var steps = Buckets > 1 ? Grain : null;
        // Days are stepped in the zone asked for; in UTC, and for fixed lengths, none has to be named.
        var timeZone = steps == FetchGranularity.Day && zone != DateTimeZone.Utc ? zone.Id : null;
        var key = new SliceKey(SliceFrom, Step, Buckets, group.Name, direction, scope.Scope);
        return new SliceWindow(new Slice(key, steps, timeZone, group) { Needed = scope.Queues }, From, To);
    }
}
