using System.Collections.Immutable;
using GenesysAnalyticsApi.Catalog;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Turns a question into slices of a fixed grid. Pure: the same question at the same now gives the same plan. The windows of
/// the plan cover the interval exactly once, so folding them counts every event once, on days of 23 and 25 hours too.
/// </summary>
internal static class SlicePlanner
{
    public static SlicePlan Plan(AggregatesQuery query, Duration settle) => Plan(query, settle, [SliceScopes.All]);

    /// <param name="scopes">The parts of the organisation that answer for the queues asked for, without overlap.</param>
    public static SlicePlan Plan(AggregatesQuery query, Duration settle, ImmutableArray<string> scopes)
    {
        var (from, to, endsNow) = query.Interval;
        var reach = endsNow ? query.Now : to;
        ImmutableArray<Instant> edges = query.Granularity is null
            ? [from, to]
            : [.. Boundaries.Edges(from, reach, query.Granularity, query.Zone)];

        var cover = new SliceCover(query.Zone, query.Now, settle, new Interval(from, to));
        var pieces = query.Granularity switch
        {
            null => cover.Total(from, to, endsNow),
            { Unit: GranularityUnit.Clock } granularity => cover.Clock(granularity.Grain, from, reach),
            _ => cover.Days(from, reach),
        };

        var groups = query.Metrics.Select(MetricCatalog.GroupFor).Prepend(MetricCatalog.StandardGroup).Distinct();
        return new SlicePlan(
            edges,
            [.. from scope in scopes from grouped in groups from piece in pieces select piece.Use(grouped, query.Direction, query.Zone, scope)]);
    }
}

/// <summary>A slice's edges and the window a question takes of it, before metrics and direction are known.</summary>
internal readonly record struct SlicePiece(Instant SliceFrom, Duration Step, int Buckets, Grain? Grain, Instant From, Instant To)
{
    public SliceUse Use(MetricGroup group, string? direction, DateTimeZone zone, string scope)
    {
        var steps = Buckets > 1 ? Grain : null;
        // Days are stepped in the zone asked for; in UTC, and for fixed lengths, none has to be named.
        var timeZone = steps == Aggregates.Grain.Day && zone != DateTimeZone.Utc ? zone.Id : null;
        return new SliceUse(new Slice(new SliceKey(SliceFrom, Step, Buckets, group.Name, direction, scope), steps, timeZone, group), From, To);
    }
}
