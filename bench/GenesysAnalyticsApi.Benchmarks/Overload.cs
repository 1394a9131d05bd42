using System.Diagnostics;
using System.Globalization;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// Far more than can be served: a flood of so many connections for so many seconds, each of which asks again the moment it is answered or
/// refused; nine times what is ready, once what has to be fetched. The flood comes from <c>wrk</c>, which sees what is torn off. A few
/// callers beside it ask the same, and look at every answer; before and afterwards they are alone.
/// </summary>
internal static class Overload
{
    private const int Flood = 1000;
    private const int Few = 8;
    private const int Seconds = 10;

    public static async Task MeasureAsync(string maxFetching)
    {
        await using var far = await FarSide.StartAsync();
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().Date.AddDays(-20));
        var path = string.Create(CultureInfo.InvariantCulture, $"/aggregates?from={day:yyyy-MM-dd}&to={day.AddDays(1):yyyy-MM-dd}&granularity=PT1H");
        await using var service = await far.ServeColdAsync(path, warmUps: 40, ("Limits__MaxFetching", maxFetching));
        var ready = path + "&groupBy=none";
        Console.WriteLine("| beside them | answer | asked | whole and right | 429, 503 | anything else | p50 | p99 | longest |\n|---|---|---|---|---|---|---|---|---|");
        await TellAsync(service, ready, day, "nobody");
        var script = Path.Combine(Path.GetTempPath(), $"overload-{Environment.ProcessId}.lua");
        await File.WriteAllTextAsync(script, ScriptOf(ready, day));
        string[] arguments = ["-t1", $"-c{Flood}", $"-d{Seconds + 4}s", "--timeout", "30s", "-s", script, service.Client.BaseAddress!.OriginalString];
        using var flood = Process.Start(new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true })!;
        var report = flood.StandardOutput.ReadToEndAsync();
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        await TellAsync(service, ready, day, $"{Flood} connections");
        await flood.WaitForExitAsync();
        File.Delete(script);
        await TellAsync(service, ready, day, "nobody any more");
        Console.WriteLine($"\n{await report}");
    }

    private static async Task TellAsync(ServiceProcess service, string ready, DateOnly day, string beside)
    {
        var load = new MixedLoad(service.Client.BaseAddress!, ready, day);
        await load.RunAsync(Few, TimeSpan.FromSeconds(Seconds));
        Console.WriteLine($"| {beside} | ready | {load.Ready}\n| | to be fetched | {load.Fetched}");
    }

    private static string ScriptOf(string ready, DateOnly day) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        local asked, seconds = 0, os.time({ year = {{day.Year}}, month = {{day.Month}}, day = {{day.Day}}, hour = 12 })
        local directions = { "&direction=inbound", "&direction=outbound", "" }
        request = function()
          asked = asked + 1
          if asked % 10 > 0 then return wrk.format("GET", "{{ready}}") end
          local number = asked / 10
          local from = seconds - (2 + number % 300) * 86400
          return wrk.format("GET", "/aggregates?granularity=PT1H&maxAge=0&from=" .. os.date("%Y-%m-%d", from) .. "&to=" .. os.date("%Y-%m-%d", from + 86400) .. directions[1 + number % 3])
        end
        """);
}
