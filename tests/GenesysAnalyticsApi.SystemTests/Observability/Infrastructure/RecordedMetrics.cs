using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Observability.Infrastructure;

/// <summary>The metrics of one service, separate from others in the same process.</summary>
internal sealed class RecordedMetrics : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(string Name, string Labels), double> _sums = new();
    private readonly ConcurrentDictionary<(string Name, string Labels), double> _last = new();

    public RecordedMetrics(RunningService service)
    {
        var meters = service.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters)
            {
                Instruments.Add(instrument);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Record(instrument, value, labels));
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Record(instrument, value, labels));
        _listener.Start();
    }

    public ConcurrentBag<Instrument> Instruments { get; } = [];

    /// <param name="labels">Labels such as <c>endpoint=aggregates status=200</c>.</param>
    public double Sum(string name, string labels = "") => _sums.GetValueOrDefault(("genesys_analytics." + name, labels));

    /// <summary>The current value of a gauge.</summary>
    public double Now(string name, string labels = "")
    {
        _listener.RecordObservableInstruments();
        return _last[("genesys_analytics." + name, labels)];
    }

    public bool HasNow(string name)
    {
        _last.Clear();
        _listener.RecordObservableInstruments();
        return _last.Keys.Any(series => series.Name == "genesys_analytics." + name);
    }

    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var words = new List<string>();
        foreach (var (name, label) in labels)
        {
            words.Add($"{name}={label}");
        }

        var series = (instrument.Name, string.Join(' ', words));
        // For a histogram, counts the recordings: the sum would be a duration, which is not predictable.
        _sums.AddOrUpdate(series, instrument is Histogram<double> ? 1 : value, (_, before) => before + (instrument is Histogram<double> ? 1 : value));
        _last[series] = value;
    }
}
