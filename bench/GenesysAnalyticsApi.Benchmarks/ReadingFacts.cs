using System.Collections.Immutable;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using GenesysAnalyticsApi.Genesys;
using NodaTime;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>A cold answer: reading it into facts, against only looking at each of its tokens. Goal: at most twice the time.</summary>
[MemoryDiagnoser]
[Config(typeof(InThisProcess))]
public class ReadingFacts
{
    private const int Queues = 50;
    private const int Hours = 24;

    private readonly ImmutableArray<Instant> _edges = UpstreamAnswers.Edges(Hours);
    private byte[] _answer = [];

    [GlobalSetup]
    public void Write() => _answer = UpstreamAnswers.Write(Queues, _edges);

    [Benchmark(Baseline = true)]
    public int Scan()
    {
        var json = new Utf8JsonReader(_answer);
        var tokens = 0;
        while (json.Read())
        {
            tokens++;
        }

        return tokens;
    }

    [Benchmark]
    public async Task<int> Facts()
    {
        using var body = new MemoryStream(_answer);
        return (await AggregateFactsReader.ReadAsync(body, _edges, CancellationToken.None)).Columns.Length;
    }

    /// <summary>Nothing is built for it, so the solution's strict build rules do not meet generated code.</summary>
    private sealed class InThisProcess : ManualConfig
    {
        public InThisProcess() => AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
    }
}
