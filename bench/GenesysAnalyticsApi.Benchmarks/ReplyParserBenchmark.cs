using System.Collections.Immutable;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using GenesysAnalyticsApi.Genesys.Parsing;
using NodaTime;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>Parses a Genesys reply into facts, and compares the time with that of scanning its JSON tokens. Goal: at most twice the time.</summary>
[MemoryDiagnoser]
[Config(typeof(BenchmarkConfig))]
public partial class ReplyParserBenchmark
{
    private ImmutableArray<Instant> _edges;
    private byte[] _reply = [];

    /// <summary>Queues, media types, hours and metrics: a day of a large organization, and the current hour of a small one.</summary>
    [Params("200 x 5 x 24 x 10", "20 x 3 x 1 x 20")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void WriteReply()
    {
        var shape = ReplyShape.Parse(Shape);
        _edges = shape.Edges;
        _reply = ReplyWriter.Write(shape);
    }

    [Benchmark(Baseline = true)]
    public int Scan()
    {
        var json = new Utf8JsonReader(_reply);
        var tokens = 0;
        while (json.Read())
        {
            tokens++;
        }

        return tokens;
    }

    [Benchmark]
    public async Task<int> Parse()
    {
        using var body = new MemoryStream(_reply);
        return (await AggregatesReplyReader.ReadAsync(body, _edges, CancellationToken.None)).Columns.Length;
    }
}
