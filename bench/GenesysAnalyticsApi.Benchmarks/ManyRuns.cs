using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// A run of tens to hundreds of milliseconds, often enough that a ratio means something on a machine with other work. In this process:
/// nothing is built for it, so the solution's strict build rules do not meet generated code.
/// </summary>
internal sealed class ManyRuns : ManualConfig
{
    public ManyRuns() => AddJob(Job.Default.WithWarmupCount(5).WithIterationCount(15).WithToolchain(InProcessEmitToolchain.Instance));
}
