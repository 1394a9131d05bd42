using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Reports, once per change, that Genesys changed data that should have settled, for example through a nightly correction, a changed
/// service-level setting or a deletion.
/// </summary>
internal sealed partial class SettledDataMonitor(SliceTelemetry telemetry, IOptions<GenesysOptions> options, ILogger<SettledDataMonitor> logger)
{
    public void ReportChange(Slice slice, CachedSlice before, CachedSlice after)
    {
        var settledAt = slice.Key.To + Duration.FromHours(options.Value.SettleHours);
        if (before.FetchedAt < settledAt || !before.RequestedQueues.IsSame(after.RequestedQueues))
        {
            return;
        }

        // A metric that Genesys rejected in one of the two fetches has not changed.
        var metrics = Changed(before.Facts, after.Facts).Except(before.RejectedMetrics).Except(after.RejectedMetrics).ToList();
        if (metrics is not [])
        {
            telemetry.RecordSettledDataChange(slice.Metrics.Family);
            Log.SettledDataChanged(logger, slice.Key.Group, slice.Key.From, slice.Key.To, string.Join(", ", metrics), before.FetchedAt, after.FetchedAt);
        }
    }

    /// <summary>The metrics with different values, regardless of the order of the cells.</summary>
    public static IReadOnlyList<string> Changed(AggregateFacts before, AggregateFacts after)
    {
        var (left, right) = (Digests(before), Digests(after));
        return [.. left.Keys.Union(right.Keys).Where(metric => left.GetValueOrDefault(metric) != right.GetValueOrDefault(metric)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Sums the hashes of the cells, so that their order does not matter.</summary>
    private static Dictionary<string, long> Digests(AggregateFacts facts) => facts.Columns.ToDictionary(
        column => column.Metric,
        column =>
        {
            var digest = 1L;
            for (var i = 0; i < column.Cells.Length; i++)
            {
                var (series, bucket) = Math.DivRem(column.Cells[i], facts.BucketCount);
                var place = HashCode.Combine(facts.Series[series].QueueId, facts.Series[series].MediaType, facts.Series[series].Values, facts.Edges[bucket]);
                var additive = HashCode.Combine(column.Count?[i], column.Sum?[i], column.Numerator?[i], column.Denominator?[i]);
                unchecked
                {
                    digest += HashCode.Combine(place, additive, column.Min?[i], column.Max?[i], column.Target?[i]);
                }
            }

            return digest;
        },
        StringComparer.Ordinal);

    private static partial class Log
    {
        [LoggerMessage(4004, LogLevel.Warning, "Settled data of {Group} metrics, {From} to {To}, changed in {Metrics} between {Before} and {After}")]
        public static partial void SettledDataChanged(ILogger logger, string group, Instant from, Instant to, string metrics, Instant before, Instant after);
    }
}
