using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GenesysAnalyticsApi.Observability;

/// <summary>
/// The meter that all figures about the service itself belong to. Each folder makes the instruments of what it does; their names, units
/// and labels are explained in docs/operations.md.
/// </summary>
[SuppressMessage("Reliability", "CA2000", Justification = "A meter belongs to its factory, and ends with it.")]
internal sealed class ServiceMeter(IMeterFactory meters)
{
    public const string Name = "GenesysAnalyticsApi";

    /// <summary>Before every name: a Prometheus has those of many services.</summary>
    private const string Prefix = "genesys_analytics.";

    private readonly Meter _meter = meters.Create(Name);

    /// <summary>Bounds for what takes between a few milliseconds and Genesys' patience.</summary>
    public static InstrumentAdvice<double> Seconds { get; } = new() { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60] };

    /// <summary>Bounds for the age of figures: the freshness of open, closed and unsettled data, and what is older than it should be.</summary>
    public static InstrumentAdvice<double> Ages { get; } = new() { HistogramBucketBoundaries = [5, 15, 30, 60, 120, 300, 600, 1800, 3600, 21600, 86400] };

    public Counter<long> Counter(string name, string unit, string description) => _meter.CreateCounter<long>(Prefix + name, unit, description);

    /// <summary>Begins at 0 for each value of its label: who watches for an increase would not see the first one otherwise.</summary>
    public Counter<long> Counter(string name, string unit, string description, string label, params IEnumerable<string> values)
    {
        var counter = Counter(name, unit, description);
        foreach (var value in values)
        {
            counter.Add(0, new KeyValuePair<string, object?>(label, value));
        }

        return counter;
    }

    public Histogram<double> Histogram(string name, string description, InstrumentAdvice<double> bounds) =>
        _meter.CreateHistogram(Prefix + name, "s", description, null, bounds);

    /// <summary>What is read when somebody looks; several values where they have labels.</summary>
    public void Gauge(string name, string? unit, string description, Func<double> value) => _meter.CreateObservableGauge(Prefix + name, value, unit, description);

    public void Gauge(string name, string? unit, string description, Func<IEnumerable<Measurement<double>>> values) =>
        _meter.CreateObservableGauge(Prefix + name, values, unit, description);
}

internal static class ServiceMeterRegistration
{
    /// <summary>For who counts, whether somebody listens or not.</summary>
    public static IServiceCollection AddServiceMeter(this IServiceCollection services)
    {
        services.AddMetrics().TryAddSingleton<ServiceMeter>();
        return services;
    }
}

/// <summary>What is read when somebody looks. Nobody needs it, so it is made when the service starts.</summary>
internal interface IGauges;
