using System.Collections.Concurrent;
using System.Globalization;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>How questions of one kind fared.</summary>
internal sealed class AnswerTally
{
    private readonly ConcurrentBag<double> _milliseconds = [];
    private readonly ConcurrentDictionary<string, int> _failed = new();
    private int _refused;

    public void Answered(TimeSpan elapsed) => _milliseconds.Add(elapsed.TotalMilliseconds);

    public void Refused() => Interlocked.Increment(ref _refused);

    public void Failed(string why) => _failed.AddOrUpdate(why, 1, (_, times) => times + 1);

    /// <summary>The cells of a line.</summary>
    public override string ToString()
    {
        var sorted = _milliseconds.Order().ToArray();
        var failed = _failed.IsEmpty ? "0" : string.Join(", ", _failed.Select(one => $"{one.Value} × {one.Key}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sorted.Length + _refused + _failed.Values.Sum()} | {sorted.Length} | {_refused} | {failed} | {At(sorted, 0.5):0} ms | {At(sorted, 0.99):0} ms | {At(sorted, 1):0} ms |");
    }

    private static double At(double[] sorted, double share) => sorted is [] ? double.NaN : sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)];
}
