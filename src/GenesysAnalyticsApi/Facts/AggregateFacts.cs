using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Parsing;
using NodaTime;

namespace GenesysAnalyticsApi.Facts;

/// <summary>
/// The additive parts of an aggregates answer, in columns: one sparse column per metric over the cells of
/// <see cref="Series"/> × buckets. Nothing here is a quotient, so facts of adjoining or overlapping questions merge freely.
/// </summary>
/// <param name="Edges">The bucket edges, ascending; bucket i is [edge i, edge i+1).</param>
/// <param name="Series">Queue × media type. Groups without a queue are never here.</param>
/// <param name="Columns">One per metric that has at least one cell.</param>
internal sealed record AggregateFacts(
    ImmutableArray<Instant> Edges,
    ImmutableArray<FactSeries> Series,
    ImmutableArray<FactColumn> Columns)
{
    public int BucketCount => Edges.Length - 1;

    /// <summary>Statistics are left out of it that Genesys gave and that cannot be right.</summary>
    public bool HasOdd => Columns.Any(column => column.Odd is not null);

    /// <summary>Only these metrics, and figures that may be of any: what nobody asked for is another question's, and would count twice.</summary>
    public AggregateFacts Of(IReadOnlyList<string> metrics) =>
        this with { Columns = [.. Columns.Where(column => metrics.Contains(column.Metric, StringComparer.Ordinal) || column.Metric == FactsBuilder.NoMetric)] };

    public static AggregateFacts Empty(ImmutableArray<Instant> edges) => new(edges, [], []);
}

/// <summary>A queue and a media type, as Genesys spells them (both interned: thousands of slices share them).</summary>
internal readonly record struct FactSeries(string QueueId, string MediaType);

/// <summary>
/// A metric's cells. All arrays that are there have the same length; an array is null when no cell has that statistic,
/// and NaN marks a cell that lacks it while others have it. In sums and parts of ratios, <see cref="StatisticAccumulator.Unknown"/> marks what cannot be known.
/// </summary>
internal sealed record FactColumn
{
    public required string Metric { get; init; }

    /// <summary>Which cell: series index × bucket count + bucket index. Ascending, without repeats.</summary>
    public required int[] Cells { get; init; }

    /// <summary><c>stats.count</c>; 0 where it was absent, <see cref="StatisticAccumulator.Unknown"/> where something was counted and the count is missing.</summary>
    public long[]? Count { get; init; }

    /// <summary><c>stats.sum</c>, milliseconds for timers.</summary>
    public double[]? Sum { get; init; }

    public double[]? Min { get; init; }

    public double[]? Max { get; init; }

    public double[]? Numerator { get; init; }

    public double[]? Denominator { get; init; }

    /// <summary><c>stats.target</c>, 0–1.</summary>
    public double[]? Target { get; init; }

    public double[]? P95 { get; init; }

    public double[]? P99 { get; init; }

    /// <summary>What was left out because it cannot be right; null where nothing was.</summary>
    public InvalidStatistic[]? Odd { get; init; }
}
