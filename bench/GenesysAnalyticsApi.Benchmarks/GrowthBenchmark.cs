using System.Globalization;
using System.Text.Json;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// Measures how the cost grows. If one query has more callers, neither the Genesys requests nor the processor time per request should grow. If a
/// response has more records, the time should grow at most in proportion.
/// </summary>
internal static class GrowthBenchmark
{
    private const int Seconds = 4;
    private const int WarmUpQueries = 10;
    private const int WarmUpCallers = 32;

    public static async Task MeasureAsync()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        Console.WriteLine($"| callers of one query | Genesys requests | µs of processor time per request, first {Seconds} s | next {Seconds} s | requests/s, next {Seconds} s | p99, next {Seconds} s |\n|---|---|---|---|---|---|");
        foreach (var callers in new[] { 1, 10, 100, 1000 })
        {
            await MeasureCallersAsync(simulator, "/aggregates?last=PT6H&granularity=PT1H&groupBy=mediaType", callers);
        }

        Console.WriteLine("\n| days | records | Genesys requests | cold | µs per record | warm | µs per record | again |\n|---|---|---|---|---|---|---|---|");
        foreach (var days in new[] { 1, 7, 30, 365 })
        {
            await MeasureDaysAsync(simulator, days);
        }
    }

    /// <summary>
    /// Measures two periods. At the start of the first one, nothing is cached for the query, and the service computes a response for each of the first
    /// callers. In the second one, it sends the cached response.
    /// </summary>
    private static async Task MeasureCallersAsync(SimulatorHost simulator, string path, int callers)
    {
        await using var service = await simulator.StartServiceAsync(path, WarmUpQueries);
        // A different query warms up the code that sends cached responses. The warm-up is the same for any number of callers, so that the rows are comparable.
        await LoadAsync(service, path + "&direction=inbound", WarmUpCallers);
        await LoadAsync(service, path + "&direction=inbound", WarmUpCallers);
        var before = simulator.AggregateCalls.Count;
        var (_, first) = await LoadAsync(service, path, callers);
        var (run, then) = await LoadAsync(service, path, callers);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {callers} | {simulator.AggregateCalls.Count - before} | {first:0.0} | {then:0.0} | {run.PerSecond:0} | {run.P99} |"));
    }

    private static async Task<(WrkRun Run, double Microseconds)> LoadAsync(ServiceProcess service, string path, int callers)
    {
        var before = service.ProcessorTime;
        var run = await Wrk.RunAsync(service.Client.BaseAddress!.OriginalString + path, callers, Seconds);
        return (run, (service.ProcessorTime - before).TotalMicroseconds / run.Requests);
    }

    /// <summary>
    /// Sends a query three times. Cold: nothing is cached. Warm: the service builds the response from cached slices. Again: the response itself is cached,
    /// if it has at most 1 MiB.
    /// </summary>
    private static async Task MeasureDaysAsync(SimulatorHost simulator, int days)
    {
        var to = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().Date.AddDays(-10));
        var path = string.Create(CultureInfo.InvariantCulture, $"/aggregates?from={to.AddDays(-days):yyyy-MM-dd}&to={to:yyyy-MM-dd}&granularity=P1D");
        await using var service = await simulator.StartServiceAsync(path, WarmUpQueries);
        var (body, cold) = await service.GetAsync(path);
        var calls = simulator.AggregateCalls.Count;
        var warm = (await service.GetAsync(path)).Elapsed;
        var again = (await service.GetAsync(path)).Elapsed;
        using var response = JsonDocument.Parse(body);
        var records = response.RootElement.GetProperty("records").GetArrayLength();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {days} | {records} | {calls} | {cold.TotalMilliseconds:0} ms | {cold.TotalMicroseconds / records:0} | {warm.TotalMilliseconds:0.0} ms | {warm.TotalMicroseconds / records:0.0} | {again.TotalMilliseconds:0.0} ms |"));
    }
}
