using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>The result of a run of the load generator.</summary>
internal sealed record WrkRun(long Requests, double PerSecond, string P99);

/// <summary>Runs the load generator <c>wrk</c> with one thread, as a separate process.</summary>
internal static partial class Wrk
{
    /// <exception cref="InvalidOperationException">Responses had statuses other than 2xx and 3xx, or there were socket errors.</exception>
    public static async Task<WrkRun> RunAsync(string url, int connections, int seconds)
    {
        using var wrk = Process.Start(new ProcessStartInfo("wrk", ["-t1", $"-c{connections}", $"-d{seconds}s", "--timeout", "10s", "--latency", url]) { RedirectStandardOutput = true })!;
        var report = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        return report.Contains("Non-2xx", StringComparison.Ordinal) || report.Contains("Socket errors", StringComparison.Ordinal)
            ? throw new InvalidOperationException(report)
            : new WrkRun(
                long.Parse(Requests().Match(report).Groups[1].ValueSpan, CultureInfo.InvariantCulture),
                double.Parse(PerSecond().Match(report).Groups[1].ValueSpan, CultureInfo.InvariantCulture),
                P99().Match(report).Groups[1].Value);
    }

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Requests();

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex PerSecond();

    [GeneratedRegex(@"99%\s+(\S+)")]
    private static partial Regex P99();
}
