using System.Collections.Immutable;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using GenesysAnalyticsApi.Genesys.Parsing;
using NodaTime;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>A cold answer: reading it into facts, against only looking at each of its tokens. Goal: at most twice the time.</summary>
[MemoryDiagnoser]
[Config(typeof(ManyRuns))]
public partial class ReadingFacts
{
    private ImmutableArray<Instant> _edges;
    private byte[] _answer = [];

    /// <summary>Queues, media types, hours, metrics: a day of a large organisation, and the present hour of a small one.</summary>
    [Params("200 x 5 x 24 x 10", "20 x 3 x 1 x 20")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Write()
    {
        var shape = AnswerShape.Parse(Shape);
        _edges = shape.Edges;
        _answer = UpstreamAnswers.Write(shape);
    }

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
        return (await AggregatesReplyReader.ReadAsync(body, _edges, CancellationToken.None)).Columns.Length;
    }
}
