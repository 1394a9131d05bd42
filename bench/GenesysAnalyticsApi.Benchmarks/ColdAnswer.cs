using System.Diagnostics;
using System.Globalization;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// A question of which nothing is cached, against the same upstream calls, as many at once, made straight at the simulator by a client
/// that only drains them. Goal: at most 1.3 times. Each round has a new service, whose code other questions have warmed.
/// </summary>
internal static class ColdAnswer
{
    private const string Path = "/aggregates?last=P30D";
    private const int Rounds = 5;
    private const int AtOnce = 8;
    private const int Straight = 3;

    // Until the runtime has nearly done compiling; the rest shows as noise.
    private const int WarmUps = 40;

    public static async Task MeasureAsync()
    {
        await using var far = await FarSide.StartAsync();
        using var client = new HttpClient();
        var ratios = new List<(double ToMean, double ToFastest)>();
        for (var round = 0; round < Rounds; round++)
        {
            await using var service = await far.ServeColdAsync(Path, WarmUps);
            var cold = (await service.AskAsync(Path)).Elapsed;
            var calls = far.AggregateCalls;
            var straight = new List<TimeSpan>();
            for (var time = 0; time < Straight; time++)
            {
                straight.Add(await StraightAsync(far, client, calls));
            }

            ratios.Add((cold / Mean(straight), cold / straight.Min()));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Path}: {cold.TotalMilliseconds:0} ms through the service, {string.Join(", ", straight.Select(one => one.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)))} ms for its {calls.Count} calls alone"));
        }

        Tell("the mean of the calls alone", [.. ratios.Select(ratio => ratio.ToMean)]);
        Tell("the fastest of the calls alone", [.. ratios.Select(ratio => ratio.ToFastest)]);
    }

    private static void Tell(string against, double[] ratios) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| cold, 30 days, against {against} | {ratios.Order().ElementAt(ratios.Length / 2):0.00} ({ratios.Min():0.00} to {ratios.Max():0.00}) | at most 1.3 |"));

    private static TimeSpan Mean(List<TimeSpan> times) => times.Aggregate(TimeSpan.Zero, (sum, one) => sum + one) / times.Count;

    private static async Task<TimeSpan> StraightAsync(FarSide far, HttpClient client, IReadOnlyList<GenesysSimulator.RecordedCall> calls)
    {
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(calls, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (call, ended) => await far.DrainAsync(client, call, ended));
        return Stopwatch.GetElapsedTime(started);
    }
}
