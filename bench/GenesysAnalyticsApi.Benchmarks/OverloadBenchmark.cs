using System.Diagnostics;
using System.Globalization;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// Sends far more queries than the service can serve. <c>wrk</c> keeps a thousand connections busy: each one sends its next query as soon as it
/// gets a response or a rejection. Nine of ten queries have a cached response; for the tenth, the service must fetch data. <c>wrk</c> also counts broken
/// connections. A few further connections send the same mix and check every response; they also run without <c>wrk</c>, before and after it.
/// </summary>
internal static class OverloadBenchmark
{
    private const int WrkConnections = 1000;
    private const int CheckedConnections = 8;
    private const int Seconds = 10;

    public static async Task MeasureAsync(string maxFetching)
    {
        await using var simulator = await SimulatorHost.StartAsync();
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().Date.AddDays(-20));
        var path = string.Create(CultureInfo.InvariantCulture, $"/aggregates?from={day:yyyy-MM-dd}&to={day.AddDays(1):yyyy-MM-dd}&granularity=PT1H");
        await using var service = await simulator.StartServiceAsync(path, warmUpQueries: 40, ("Limits__MaxFetching", maxFetching));
        var cachedPath = path + "&groupBy=none";
        Console.WriteLine("| load at the same time | response | queries | complete and correct | 429, 503 | any other outcome | p50 | p99 | longest |\n|---|---|---|---|---|---|---|---|---|");
        await MeasureMixedLoadAsync(service, cachedPath, day, "none, before wrk");
        var script = Path.Combine(Path.GetTempPath(), $"overload-{Environment.ProcessId}.lua");
        await File.WriteAllTextAsync(script, ScriptOf(cachedPath, day));
        string[] arguments = ["-t1", $"-c{WrkConnections}", $"-d{Seconds + 4}s", "--timeout", "30s", "-s", script, service.Client.BaseAddress!.OriginalString];
        using var wrk = Process.Start(new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true })!;
        var report = wrk.StandardOutput.ReadToEndAsync();
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        await MeasureMixedLoadAsync(service, cachedPath, day, $"wrk, {WrkConnections} connections");
        await wrk.WaitForExitAsync();
        File.Delete(script);
        await MeasureMixedLoadAsync(service, cachedPath, day, "none, after wrk");
        Console.WriteLine($"\n{await report}");
    }

    private static async Task MeasureMixedLoadAsync(ServiceProcess service, string cachedPath, DateOnly day, string otherLoad)
    {
        var load = new MixedLoad(service.Client.BaseAddress!, cachedPath, day);
        await load.RunAsync(CheckedConnections, TimeSpan.FromSeconds(Seconds));
        Console.WriteLine($"| {otherLoad} | cached | {load.Cached}\n| | fetched | {load.Fetched}");
    }

    private static string ScriptOf(string cachedPath, DateOnly day) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        local sent, seconds = 0, os.time({ year = {{day.Year}}, month = {{day.Month}}, day = {{day.Day}}, hour = 12 })
        local directions = { "&direction=inbound", "&direction=outbound", "" }
        request = function()
          sent = sent + 1
          if sent % 10 > 0 then return wrk.format("GET", "{{cachedPath}}") end
          local number = sent / 10
          local from = seconds - (2 + number % 300) * 86400
          return wrk.format("GET", "/aggregates?granularity=PT1H&maxAge=0&from=" .. os.date("%Y-%m-%d", from) .. "&to=" .. os.date("%Y-%m-%d", from + 86400) .. directions[1 + number % 3])
        end
        """);
}
