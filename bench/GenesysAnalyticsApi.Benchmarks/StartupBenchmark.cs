using System.Globalization;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// Measures the time from the start of the process to the first response in demo mode, including the start of the simulator. Goal: at most 2 s.
/// For comparison, it also measures Kestrel with a response of two bytes.
/// </summary>
internal static class StartupBenchmark
{
    private const string Path = "/aggregates?last=PT24H";
    private const int Rounds = 7;

    /// <param name="dll">The built or published assembly of the service.</param>
    public static async Task MeasureAsync(string dll)
    {
        var file = System.IO.Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "{}");
            await File.WriteAllTextAsync(file + ".headers", "");
            var (service, kestrelOnly) = (new List<TimeSpan>(), new List<TimeSpan>());
            for (var round = 0; round < Rounds; round++)
            {
                service.Add(await TimeToResponseAsync(ServiceProcess.Start(dll, 5295)));
                kestrelOnly.Add(await TimeToResponseAsync(ServiceProcess.StartBaseline(5296, file)));
            }

            Print("service, demo mode", service);
            Print("Kestrel only", kestrelOnly);
        }
        finally
        {
            File.Delete(file);
            File.Delete(file + ".headers");
        }
    }

    private static async Task<TimeSpan> TimeToResponseAsync(ServiceProcess process)
    {
        await using (process)
        {
            return await process.WaitForResponseAsync(Path);
        }
    }

    private static void Print(string name, List<TimeSpan> times) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {times.Order().ElementAt(Rounds / 2).TotalMilliseconds:0} ms ({times.Min().TotalMilliseconds:0} to {times.Max().TotalMilliseconds:0}) |"));
}
