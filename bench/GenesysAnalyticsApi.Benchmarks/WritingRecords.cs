using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using BenchmarkDotNet.Attributes;
using GenesysAnalyticsApi.Aggregates.Formats;
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
    private AggregatesResult _result = null!;

    [Params(1_000, 100_000)]
    public int Records { get; set; }

    [GlobalSetup]
    public void Fold()
    {
        _result = ManyRecords.ResultOf(Records);
        new ResponseJsonWriter().Write(_target, _result);
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
        new ResponseJsonWriter().Write(_target, _result);
        return _target.WrittenCount;
    }

    [Benchmark]
    public Task Json() => new ResponseJsonWriter().WriteAsync(Stream.Null, _result, CancellationToken.None);

    [Benchmark]
    public Task Ndjson() => new NdjsonWriter().WriteAsync(Stream.Null, _result, CancellationToken.None);

    [Benchmark]
    public Task Csv() => new CsvResponseWriter().WriteAsync(Stream.Null, _result, CancellationToken.None);

    [Benchmark]
    public Task Xlsx() => new XlsxWriter(new ResponseJsonWriter()).WriteAsync(Stream.Null, _result, CancellationToken.None);

    [Benchmark]
    public Task Parquet() => new ParquetResponseWriter().WriteAsync(Stream.Null, _result, CancellationToken.None);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AggregatesResponse))]
internal sealed partial class PlainJson : JsonSerializerContext;
