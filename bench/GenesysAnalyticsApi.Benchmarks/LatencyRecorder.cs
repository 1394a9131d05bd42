using System.Collections.Concurrent;
using System.Globalization;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>Records the outcome and the latency of the requests of one kind. Thread-safe.</summary>
internal sealed class LatencyRecorder
{
    private readonly ConcurrentBag<double> _milliseconds = [];
    private readonly ConcurrentDictionary<string, int> _failures = new();
    private int _rejected;

    public void RecordSuccess(TimeSpan elapsed) => _milliseconds.Add(elapsed.TotalMilliseconds);

    public void RecordRejection() => Interlocked.Increment(ref _rejected);

    public void RecordFailure(string reason) => _failures.AddOrUpdate(reason, 1, (_, times) => times + 1);

    /// <summary>Cells of a Markdown table: requests, successes, rejections, failures with their reasons, p50, p99 and the longest.</summary>
    public override string ToString()
    {
        var sorted = _milliseconds.Order().ToArray();
        var failures = _failures.IsEmpty ? "0" : string.Join(", ", _failures.Select(one => $"{one.Value} × {one.Key}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sorted.Length + _rejected + _failures.Values.Sum()} | {sorted.Length} | {_rejected} | {failures} | {Quantile(sorted, 0.5):0} ms | {Quantile(sorted, 0.99):0} ms | {Quantile(sorted, 1):0} ms |");
    }

    private static double Quantile(double[] sorted, double share) => sorted is [] ? double.NaN : sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)];
}
