using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using BenchmarkDotNet.Attributes;
using GenesysAnalyticsApi.Aggregates.Formats;
using GenesysAnalyticsApi.Aggregates.Response;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// Writes the folded rows of a response as JSON, and compares the time with that of source-generated System.Text.Json, its fastest mode, for record
/// objects that exist already. Goal: at most the same time, and no allocation per record. Measures the other formats too.
/// </summary>
[MemoryDiagnoser]
[Config(typeof(BenchmarkConfig))]
public class ResponseWriterBenchmark
{
    private readonly ArrayBufferWriter<byte> _target = new();
    private PlainResponse _response = null!;
    private AggregatesResult _result = null!;

    [Params(1_000, 100_000)]
    public int Records { get; set; }

    [GlobalSetup]
    public void CreateResponse()
    {
        _result = SampleResponse.Create(Records);
        new ResponseJsonWriter().Write(_target, _result);
        _response = JsonSerializer.Deserialize(_target.WrittenSpan, PlainJson.Default.PlainResponse)!;
        var written = _target.WrittenSpan.ToArray();
        Serializer();
        if (_response.Records.Count != Records || !_target.WrittenSpan.SequenceEqual(written))
        {
            var at = written.AsSpan().CommonPrefixLength(_target.WrittenSpan);
            throw new InvalidOperationException(
                $"The writer and the serializer write different JSON: {Around(written, at)} instead of {Around(_target.WrittenSpan, at)}");

            static string Around(ReadOnlySpan<byte> json, int at) => Encoding.UTF8.GetString(json[Math.Max(0, at - 40)..Math.Min(json.Length, at + 40)]);
        }
    }

    [Benchmark(Baseline = true)]
    public int Serializer()
    {
        _target.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_target, ResponseJsonWriter.Options);
        JsonSerializer.Serialize(json, _response, PlainJson.Default.PlainResponse);
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
    public Task Ndjson() => new NdjsonResponseWriter().WriteAsync(Stream.Null, _result, CancellationToken.None);

    [Benchmark]
    public Task Csv() => new CsvResponseWriter().WriteAsync(Stream.Null, _result, CancellationToken.None);

    [Benchmark]
    public Task Xlsx() => new XlsxResponseWriter(new ResponseJsonWriter()).WriteAsync(Stream.Null, _result, CancellationToken.None);

    [Benchmark]
    public Task Parquet() => new ParquetResponseWriter().WriteAsync(Stream.Null, _result, CancellationToken.None);
}

/// <summary>The response as objects with a property for each field, as in a service that uses a serializer.</summary>
internal sealed record PlainResponse(ResolvedQuery Query, ResponseMeta Meta, IReadOnlyList<PlainRecord> Records);

internal sealed record PlainRecord(
    string? QueueId, string? QueueName, string? MediaType, string? From,
    string? To, string? LocalFrom, long? TotalInteractions, long? Offered,
    long? Answered, long? Abandoned, long? ShortAbandoned, long? FlowOut,
    long? Outbound, long? Connected, long? Handled, long? OverServiceLevel,
    long? Transferred, long? BlindTransferred, long? ConsultTransferred, long? Errors,
    long? TotalHandleTimeMs, long? TalkTimeMs, long? HoldTimeMs, long? WrapTimeMs,
    long? DialingTimeMs, long? ContactingTimeMs, long? AlertTimeMs, long? WaitTimeMs,
    long? AnswerTimeMs, long? AbandonTimeMs, long? FlowOutTimeMs, double? AverageHandleTimeMs,
    double? AverageTalkTimeMs, double? AverageHoldTimeMs, double? AverageWrapTimeMs, double? AverageWaitTimeMs,
    double? AverageSpeedOfAnswerMs, double? AverageTimeToAbandonMs, long? LongestWaitMs, long? LongestHandleTimeMs,
    double? ServiceLevel, long? ServiceLevelNumerator, long? ServiceLevelDenominator, double? ServiceLevelTarget,
    double? AnswerRate, double? AbandonRate, double? TransferRate, bool Complete,
    bool Final);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PlainResponse))]
internal sealed partial class PlainJson : JsonSerializerContext;
