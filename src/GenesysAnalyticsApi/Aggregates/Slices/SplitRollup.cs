using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Computes a slice from a slice in memory that is split by more dimensions, if the sum of the parts is exactly what Genesys would return. This saves a
/// Genesys request if an earlier query has fetched the same interval with more dimensions.
/// </summary>
internal sealed class SplitRollup(SliceCache cache, UnsupportedMetrics unsupported)
{
    /// <summary>Returns the newest slice that can be computed exactly and is newer than <paramref name="cached"/>; null if there is none.</summary>
    public CachedSlice? Find(Slice slice, CachedSlice? cached) => MoreSplit(slice.Key)
        // A slice that was requested by queue ids can lack a queue that a request for all queues would return.
        .Where(finer => finer.Slice.RequestedQueues.IsEverything && (cached is null || finer.Slice.FetchedAt > cached.FetchedAt))
        .OrderByDescending(finer => finer.Slice.FetchedAt)
        .Select(finer => RollUp(slice, finer.Slice, finer.Dimensions))
        .FirstOrDefault(computed => computed is not null);

    private IEnumerable<(CachedSlice Slice, Dimensions Dimensions)> MoreSplit(SliceKey key)
    {
        for (var split = key.Dimensions + 1; split <= Dimension.AllFlags; split++)
        {
            if (split.HasFlag(key.Dimensions) && (cache.Splits & (1 << (int)split)) != 0 && cache.FindInMemory(key with { Dimensions = split }) is { } finer)
            {
                yield return (finer, split);
            }
        }
    }

    /// <returns>Null if the result could differ from Genesys' own figures.</returns>
    private CachedSlice? RollUp(Slice slice, CachedSlice finer, Dimensions finerSplit)
    {
        var requested = unsupported.Without(slice);
        if (requested.Any(finer.RejectedMetrics.Contains)
            || !slice.Metrics.Metrics.All(metric => AddsUp(metric, slice.Key.Dimensions, finerSplit))
            || !finer.Facts.Columns.All(AddsUp))
        {
            return null;
        }

        var facts = FactsMerger.RollUp(finer.Facts, slice.Key.Dimensions);
        // If the parts have different targets, the merged target is NaN. Genesys might have a target for the whole slice, so the slice must be requested.
        return facts.Columns.Any(column => column.Target is { } target && Array.Exists(target, double.IsNaN)) ? null : finer with { Facts = facts };
    }

    private static bool AddsUp(string metric, Dimensions split, Dimensions finerSplit) =>
        GenesysMetrics.IsAttributed(metric, finerSplit)
        && GenesysMetrics.KindOf(metric) != MetricKind.NotAdditive
        && (finerSplit & ~split & ~GenesysMetrics.DimensionsOf(metric)) == Dimensions.None;

    // Percentiles cannot be added up. If a statistic of a part is invalid, the statistic of the whole might still be valid.
    private static bool AddsUp(FactColumn column) => column is { P95: null, P99: null, Invalid: null };
}
