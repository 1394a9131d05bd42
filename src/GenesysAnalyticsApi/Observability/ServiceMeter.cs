using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GenesysAnalyticsApi.Observability;

/// <summary>
/// Creates the instruments of this service's own telemetry. Each feature creates its own instruments. docs/operations.md explains their names, units and
/// labels. A class that has only gauges is activated at startup, because no other class depends on it.
/// </summary>
[SuppressMessage("Reliability", "CA2000", Justification = "The factory owns the meter and disposes it.")]
internal sealed class ServiceMeter(IMeterFactory meters)
{
    public const string Name = "GenesysAnalyticsApi";

    /// <summary>Distinguishes the metrics of this service from those of other services on the same Prometheus server.</summary>
    private const string Prefix = "genesys_analytics.";

    private readonly Meter _meter = meters.Create(Name);

    /// <summary>Bucket boundaries, in seconds, for durations between a few milliseconds and the deadline of a request.</summary>
    public static InstrumentAdvice<double> DurationBuckets { get; } = new() { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60] };

    /// <summary>
    /// Bucket boundaries, in seconds, for the age of figures: most slices are fresh for 30 seconds to a day, depending on how recent their interval is.
    /// </summary>
    public static InstrumentAdvice<double> AgeBuckets { get; } = new() { HistogramBucketBoundaries = [5, 15, 30, 60, 120, 300, 600, 1800, 3600, 21600, 86400] };

    public Counter<long> Counter(string name, string unit, string description) => _meter.CreateCounter<long>(Prefix + name, unit, description);

    /// <summary>Creates a counter that starts at 0 for each value of its label. Without the 0, an alert on an increase would miss the first increase.</summary>
    public Counter<long> Counter(string name, string unit, string description, string label, params IEnumerable<string> values)
    {
        var counter = Counter(name, unit, description);
        foreach (var value in values)
        {
            counter.Add(0, new KeyValuePair<string, object?>(label, value));
        }

        return counter;
    }

    public Histogram<double> Histogram(string name, string description, InstrumentAdvice<double> buckets) =>
        _meter.CreateHistogram(Prefix + name, "s", description, null, buckets);

    /// <summary>Creates a gauge that is read whenever telemetry is collected.</summary>
    public void Gauge(string name, string? unit, string description, Func<double> value) => _meter.CreateObservableGauge(Prefix + name, value, unit, description);

    public void Gauge(string name, string? unit, string description, Func<IEnumerable<Measurement<double>>> values) =>
        _meter.CreateObservableGauge(Prefix + name, values, unit, description);
}

internal static class ServiceMeterRegistration
{
    /// <summary>Registers the meter, whether or not telemetry is collected.</summary>
    public static IServiceCollection AddServiceMeter(this IServiceCollection services)
    {
        services.AddMetrics().TryAddSingleton<ServiceMeter>();
        return services;
    }
}
