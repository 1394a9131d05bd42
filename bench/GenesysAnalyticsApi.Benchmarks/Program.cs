using BenchmarkDotNet.Running;
using GenesysAnalyticsApi.Benchmarks;
using Microsoft.Extensions.Hosting;

try
{
    await MeasureAsync(args);
    return 0;
}
catch (Exception failed)
{
    // Not unhandled: that would end the process at once, and leave those that it has started.
    await Console.Error.WriteLineAsync(failed.ToString());
    return 1;
}

static Task MeasureAsync(string[] args) => args switch
{
    ["cells"] => CellMemory.MeasureAsync(),
    ["cold"] => ColdAnswer.MeasureAsync(),
    ["start"] => FirstAnswer.MeasureAsync(ServiceProcess.BuiltService),
    ["start", var published] => FirstAnswer.MeasureAsync(published),
    ["growth"] => Growth.MeasureAsync(),
    ["overload", .. var maxFetching] => Overload.MeasureAsync(maxFetching is [var most] ? most : "32"),
    ["hot", var path] => HotAllocations.MeasureAsync(path),
    ["baseline", var url, var file, .. var how] => ServeAsync(url, file, how is ["middleware"]),
    _ => SwitchAsync(args),
};

static async Task ServeAsync(string url, string file, bool withMiddleware)
{
    await using var baseline = await Baseline.StartAsync(url, SentBytes.Load(file), withMiddleware);
    await baseline.WaitForShutdownAsync();
}

// Apart, so that a server that is only to be measured does not load the benchmark library.
static Task SwitchAsync(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(ReadingFacts).Assembly).Run(args);
    return Task.CompletedTask;
}
