using System.Diagnostics;
using System.Globalization;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// Compares the time of a query for which nothing is cached with the time of the same Genesys requests, sent directly to the simulator with the
/// same concurrency by a client that discards the replies. Goal: at most 1.3 times. Each round starts a new service and warms up its code with
/// queries that share no slice with the measured one.
/// </summary>
internal static class ColdRequestBenchmark
{
    private const string Path = "/aggregates?last=P30D";
    private const int Rounds = 5;
    private const int Concurrency = 8;
    private const int DirectRuns = 3;

    // After this many queries, the JIT compiler has almost finished; the rest is within the noise.
    private const int WarmUpQueries = 40;

    public static async Task MeasureAsync()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        using var client = new HttpClient();
        var ratios = new List<(double ToMean, double ToFastest)>();
        for (var round = 0; round < Rounds; round++)
        {
            await using var service = await simulator.StartServiceAsync(Path, WarmUpQueries);
            var cold = (await service.GetAsync(Path)).Elapsed;
            var calls = simulator.AggregateCalls;
            var direct = new List<TimeSpan>();
            for (var run = 0; run < DirectRuns; run++)
            {
                direct.Add(await SendDirectlyAsync(simulator, client, calls));
            }

            ratios.Add((cold / Mean(direct), cold / direct.Min()));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Path}: {cold.TotalMilliseconds:0} ms through the service, {string.Join(", ", direct.Select(one => one.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)))} ms for its {calls.Count} Genesys requests sent directly"));
        }

        Print("the mean of the direct runs", [.. ratios.Select(ratio => ratio.ToMean)]);
        Print("the fastest direct run", [.. ratios.Select(ratio => ratio.ToFastest)]);
    }

    private static void Print(string divisor, double[] ratios) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| cold, 30 days, divided by {divisor} | {ratios.Order().ElementAt(ratios.Length / 2):0.00} ({ratios.Min():0.00} to {ratios.Max():0.00}) | at most 1.3 |"));

    private static TimeSpan Mean(List<TimeSpan> times) => times.Aggregate(TimeSpan.Zero, (sum, one) => sum + one) / times.Count;

    private static async Task<TimeSpan> SendDirectlyAsync(SimulatorHost simulator, HttpClient client, IReadOnlyList<GenesysSimulator.RecordedCall> calls)
    {
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            calls, new ParallelOptions { MaxDegreeOfParallelism = Concurrency }, async (call, cancellationToken) => await simulator.RepeatAsync(client, call, cancellationToken));
        return Stopwatch.GetElapsedTime(started);
    }
}
