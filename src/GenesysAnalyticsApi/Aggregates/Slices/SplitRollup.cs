using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Computes a slice from a slice in memory that is split by more dimensions, if the sum of the parts is exactly what Genesys would return. This saves a
/// Genesys request if an earlier query has fetched the same interval with more dimensions.
/// </summary>
internal sealed class SplitRollup(SliceCache cache, UnsupportedMetrics refused)
{
    /// <summary>Returns the newest slice that can be computed; null if none is newer than <paramref name="cached"/>.</summary>
    public CachedSlice? Find(Slice slice, CachedSlice? cached) => MoreSplit(slice.Key)
        // A slice that was requested by queue ids can lack a queue that a request for all queues would return.
        .Where(finer => finer.Slice.RequestedQueues.IsEverything && (cached is null || finer.Slice.FetchedAt > cached.FetchedAt))
        .OrderByDescending(finer => finer.Slice.FetchedAt)
        .Select(finer => RollUp(slice, finer.Slice, finer.Dimensions))
        .FirstOrDefault(computed => computed is not null);

    private IEnumerable<(CachedSlice Slice, Dimensions Dimensions)> MoreSplit(SliceKey key)
    {
        for (var more = key.Dimensions + 1; more <= Dimension.AllFlags; more++)
        {
            if (more.HasFlag(key.Dimensions) && (cache.Splits & (1 << (int)more)) != 0 && cache.FindInMemory(key with { Dimensions = more }) is { } finer)
            {
                yield return (finer, more);
            }
        }
    }

    /// <returns>Null if the result could differ from Genesys' own figures.</returns>
    private CachedSlice? RollUp(Slice slice, CachedSlice finer, Dimensions more)
    {
        var requested = refused.Without(slice);
        if (requested.Any(finer.RejectedMetrics.Contains) || !slice.Metrics.Metrics.All(metric => AddsUp(metric, slice.Key.Dimensions, more)) || !finer.Facts.Columns.All(AddsUp))
        {
            return null;
        }

        var facts = FactsMerger.RollUp(finer.Facts, slice.Key.Dimensions);
        // If the parts have different targets, the merged target is NaN. Genesys may have a target for the whole, so the slice must be requested.
        return facts.Columns.Any(column => column.Target is { } target && Array.Exists(target, double.IsNaN)) ? null : finer with { Facts = facts };
    }

    private static bool AddsUp(string metric, Dimensions fewer, Dimensions more) =>
        GenesysMetrics.IsAttributed(metric, more) && GenesysMetrics.KindOf(metric) != MetricKind.NotAdditive && (more & ~fewer & ~GenesysMetrics.DimensionsOf(metric)) == Dimensions.None;

    // Where the statistic of a part is invalid, that of the whole may be valid.
    private static bool AddsUp(FactColumn column) => column is { P95: null, P99: null, Invalid: null };
}
