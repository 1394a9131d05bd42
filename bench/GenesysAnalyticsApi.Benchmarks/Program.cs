using BenchmarkDotNet.Running;
using GenesysAnalyticsApi.Benchmarks;
using Microsoft.Extensions.Hosting;

try
{
    await MeasureAsync(args);
    return 0;
}
catch (Exception failure)
{
    // An unhandled exception would end this process at once, while its child processes would keep running.
    await Console.Error.WriteLineAsync(failure.ToString());
    return 1;
}

static Task MeasureAsync(string[] args) => args switch
{
    ["cells"] => CacheMemoryBenchmark.MeasureAsync(),
    ["cold"] => ColdRequestBenchmark.MeasureAsync(),
    ["start"] => StartupBenchmark.MeasureAsync(ServiceProcess.BuiltService),
    ["start", var published] => StartupBenchmark.MeasureAsync(published),
    ["growth"] => GrowthBenchmark.MeasureAsync(),
    ["overload", .. var maxFetching] => OverloadBenchmark.MeasureAsync(maxFetching is [var limit] ? limit : "32"),
    ["hot", var path] => HotRequestBenchmark.MeasureAsync(path),
    ["baseline", var url, var file, .. var options] => ServeAsync(url, file, options is ["middleware"]),
    _ => RunBenchmarkDotNetAsync(args),
};

static async Task ServeAsync(string url, string file, bool withMiddleware)
{
    await using var baseline = await Baseline.StartAsync(url, RecordedResponse.Load(file), withMiddleware);
    await baseline.WaitForShutdownAsync();
}

// A separate method, so that a process that only runs a reference server does not load BenchmarkDotNet.
static Task RunBenchmarkDotNetAsync(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(ReplyParserBenchmark).Assembly).Run(args);
    return Task.CompletedTask;
}
