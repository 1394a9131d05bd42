using System.Globalization;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// From the start of the process to the first answer in demo mode, simulator and all. Goal: at most 2 s. Beside it, for scale, a Kestrel
/// that sends two bytes.
/// </summary>
internal static class FirstAnswer
{
    private const string Path = "/aggregates?last=PT24H";
    private const int Rounds = 7;

    /// <param name="dll">The service, as built or published.</param>
    public static async Task MeasureAsync(string dll)
    {
        var bytes = System.IO.Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(bytes, "{}");
            await File.WriteAllTextAsync(bytes + ".headers", "");
            var (service, kestrelOnly) = (new List<TimeSpan>(), new List<TimeSpan>());
            for (var round = 0; round < Rounds; round++)
            {
                service.Add(await OfAsync(ServiceProcess.Start(dll, 5295)));
                kestrelOnly.Add(await OfAsync(ServiceProcess.StartBaseline(5296, bytes)));
            }

            Tell("service, demo mode", service);
            Tell("Kestrel only", kestrelOnly);
        }
        finally
        {
            File.Delete(bytes);
            File.Delete(bytes + ".headers");
        }
    }

    private static async Task<TimeSpan> OfAsync(ServiceProcess process)
    {
        await using (process)
        {
            return await process.FirstAnswerAsync(Path);
        }
    }

    private static void Tell(string name, List<TimeSpan> times) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {times.Order().ElementAt(Rounds / 2).TotalMilliseconds:0} ms ({times.Min().TotalMilliseconds:0} to {times.Max().TotalMilliseconds:0}) |"));
}
