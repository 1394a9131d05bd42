using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Observability;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>Telemetry of slice fetches.</summary>
internal sealed class SliceTelemetry(ServiceMeter meter)
{
    private readonly Histogram<double> _fetches = meter.Histogram(
        "slice.fetch.duration", "How long it took to fetch a slice, its permits, retries and halves included.", ServiceMeter.Seconds);

    private readonly Counter<long> _halvings = meter.Counter(
        "slice.halvings", "{question}", "Questions to Genesys that were asked again in halves.", "kind", GenesysFailureKind.TooLarge.ToWireName(), GenesysFailureKind.Timeout.ToWireName());

    private readonly Counter<long> _settledChanges = meter.Counter(
        "settled.changes", "{slice}", "Slices of settled data in which Genesys has changed figures.", "group", [.. MetricCatalog.Groups.Select(group => group.Name)]);

    public void RecordFetch(GenesysFailureKind? failure, TimeSpan duration) =>
        _fetches.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", failure is { } kind ? kind.ToWireName() : "fetched"));

    public void RecordHalving(GenesysFailureKind kind) => _halvings.Add(1, new KeyValuePair<string, object?>("kind", kind.ToWireName()));

    public void RecordSettledDataChange(string group) => _settledChanges.Add(1, new KeyValuePair<string, object?>("group", group));
}
