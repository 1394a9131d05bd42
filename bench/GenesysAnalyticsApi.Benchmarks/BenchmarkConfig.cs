using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// Enough iterations for a meaningful ratio on a machine with other load, for benchmarks that take up to hundreds of milliseconds. They run in
/// this process, so that the strict build rules of the solution do not apply to code that BenchmarkDotNet would generate.
/// </summary>
internal sealed class BenchmarkConfig : ManualConfig
{
    public BenchmarkConfig() => AddJob(Job.Default.WithWarmupCount(5).WithIterationCount(15).WithToolchain(InProcessEmitToolchain.Instance));
}
