using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using BenchmarkDotNet.Attributes;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Response;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// An answer as JSON, from the folded rows to the bytes, against the fastest that System.Text.Json does: source-generated, from
/// records that are there as objects already. Goal: at least its speed, and no allocation for a record.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(ManyRuns))]
public class WritingRecords
{
    private readonly ArrayBufferWriter<byte> _target = new();
    private AggregatesResponse _answer = null!;
    private RecordList _records = null!;

    [Params(1_000, 100_000)]
    public int Records { get; set; }

    [GlobalSetup]
    public void Fold()
    {
        _records = ManyRecords.Of(Records);
        ResponseJsonWriter.Write(_target, ManyRecords.Query, ManyRecords.Meta(Records), _records);
        _answer = JsonSerializer.Deserialize(_target.WrittenSpan, PlainJson.Default.AggregatesResponse)!;
        var written = _target.WrittenSpan.ToArray();
        Serializer();
        if (_answer.Records.Count != Records || !_target.WrittenSpan.SequenceEqual(written))
        {
            throw new InvalidOperationException("What is compared does not write the same.");
        }
    }

    [Benchmark(Baseline = true)]
    public int Serializer()
    {
        _target.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_target, ResponseJsonWriter.Options);
        JsonSerializer.Serialize(json, _answer, PlainJson.Default.AggregatesResponse);
        return _target.WrittenCount;
    }

    [Benchmark]
    public int Writer()
    {
        _target.ResetWrittenCount();
        ResponseJsonWriter.Write(_target, _answer.Query, _answer.Meta, _records);
        return _target.WrittenCount;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AggregatesResponse))]
internal sealed partial class PlainJson : JsonSerializerContext;
