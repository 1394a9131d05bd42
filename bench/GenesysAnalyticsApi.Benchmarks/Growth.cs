using System.Globalization;
using System.Text.Json;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>How cost grows: with callers it must not, neither in calls to Genesys nor in processor time a request; with records, in proportion.</summary>
internal static class Growth
{
    private const int Seconds = 4;
    private const int WarmUps = 10;
    private const int WarmingCallers = 32;

    public static async Task MeasureAsync()
    {
        await using var far = await FarSide.StartAsync();
        Console.WriteLine($"| callers of one question | upstream calls | us of processor time a request, first {Seconds} s | next {Seconds} s | requests/s then | p99 then |\n|---|---|---|---|---|---|");
        foreach (var callers in new[] { 1, 10, 100, 1000 })
        {
            await TellCallersAsync(far, "/aggregates?last=PT6H&granularity=PT1H&groupBy=mediaType", callers);
        }

        Console.WriteLine("\n| days | records | upstream calls | cold | us a record | warm | us a record | again |\n|---|---|---|---|---|---|---|---|");
        foreach (var days in new[] { 1, 7, 30, 365 })
        {
            await TellDaysAsync(far, days);
        }
    }

    /// <summary>First nothing of the question is cached, and all who ask at once are answered each for itself; then its bytes are there.</summary>
    private static async Task TellCallersAsync(FarSide far, string path, int callers)
    {
        await using var service = await far.ServeColdAsync(path, WarmUps);
        // What a caller is answered from memory with is warm too, by a question of its own; and as warm for few callers as for many.
        await LoadAsync(service, path + "&direction=inbound", WarmingCallers);
        await LoadAsync(service, path + "&direction=inbound", WarmingCallers);
        var before = far.AggregateCalls.Count;
        var (_, first) = await LoadAsync(service, path, callers);
        var (run, then) = await LoadAsync(service, path, callers);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {callers} | {far.AggregateCalls.Count - before} | {first:0.0} | {then:0.0} | {run.PerSecond:0} | {run.P99} |"));
    }

    private static async Task<(WrkRun Run, double Microseconds)> LoadAsync(ServiceProcess service, string path, int callers)
    {
        var before = service.ProcessorTime;
        var run = await Wrk.RunAsync(service.Client.BaseAddress!.OriginalString + path, callers, Seconds);
        return (run, (service.ProcessorTime - before).TotalMicroseconds / run.Requests);
    }

    /// <summary>Cold: nothing cached. Warm: the slices are, and the answer is made from them. Again: its bytes are, up to 1 MiB.</summary>
    private static async Task TellDaysAsync(FarSide far, int days)
    {
        var to = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().Date.AddDays(-10));
        var path = string.Create(CultureInfo.InvariantCulture, $"/aggregates?from={to.AddDays(-days):yyyy-MM-dd}&to={to:yyyy-MM-dd}&granularity=P1D");
        await using var service = await far.ServeColdAsync(path, WarmUps);
        var (body, cold) = await service.AskAsync(path);
        var calls = far.AggregateCalls.Count;
        var warm = (await service.AskAsync(path)).Elapsed;
        var again = (await service.AskAsync(path)).Elapsed;
        using var answer = JsonDocument.Parse(body);
        var records = answer.RootElement.GetProperty("records").GetArrayLength();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {days} | {records} | {calls} | {cold.TotalMilliseconds:0} ms | {cold.TotalMicroseconds / records:0} | {warm.TotalMilliseconds:0.0} ms | {warm.TotalMicroseconds / records:0.0} | {again.TotalMilliseconds:0.0} ms |"));
    }
}
