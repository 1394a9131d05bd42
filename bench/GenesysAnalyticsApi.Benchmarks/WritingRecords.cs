using System.Buffers;
using System.Text;
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
    private PlainResponse _answer = null!;
    private AggregatesResult _result = null!;

    [Params(1_000, 100_000)]
    public int Records { get; set; }

    [GlobalSetup]
    public void Fold()
    {
        _result = ManyRecords.ResultOf(Records);
        new ResponseJsonWriter().Write(_target, _result);
        _answer = JsonSerializer.Deserialize(_target.WrittenSpan, PlainJson.Default.PlainResponse)!;
        var written = _target.WrittenSpan.ToArray();
        Serializer();
        if (_answer.Records.Count != Records || !_target.WrittenSpan.SequenceEqual(written))
        {
            var at = written.AsSpan().CommonPrefixLength(_target.WrittenSpan);
            throw new InvalidOperationException(
                $"What is compared does not write the same: {Around(written, at)} instead of {Around(_target.WrittenSpan, at)}");

            static string Around(ReadOnlySpan<byte> json, int at) => Encoding.UTF8.GetString(json[Math.Max(0, at - 40)..Math.Min(json.Length, at + 40)]);
        }
    }

    [Benchmark(Baseline = true)]
    public int Serializer()
    {
        _target.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_target, ResponseJsonWriter.Options);
        JsonSerializer.Serialize(json, _answer, PlainJson.Default.PlainResponse);
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

/// <summary>The response as objects, with a property for each field, as a service without a writer of its own would have it.</summary>
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
