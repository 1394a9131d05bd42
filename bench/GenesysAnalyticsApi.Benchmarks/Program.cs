using BenchmarkDotNet.Running;
using GenesysAnalyticsApi.Benchmarks;
using Microsoft.Extensions.Hosting;

switch (args)
{
    case ["cells"]:
        await CellMemory.MeasureAsync();
        break;
    case ["hot", var path]:
        await HotAllocations.MeasureAsync(path);
        break;
    case ["baseline", var url, var file, .. var how]:
        await using (var baseline = await Baseline.StartAsync(url, SentBytes.Load(file), withMiddleware: how is ["middleware"]))
        {
            await baseline.WaitForShutdownAsync();
        }

        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(ReadingFacts).Assembly).Run(args);
        break;
}
