using System.Buffers;
using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>
/// Writes one JSON record per line. The last line contains the metadata and the totals. A reader that finds the last line knows that the body is complete.
/// </summary>
internal sealed class NdjsonResponseWriter : SequentialResponseWriter, ISegmentedWriter
{
    public override ResponseFormat Format => ResponseFormat.Ndjson;

    protected override int RecordBytes => 1_400;

    protected override Range FetchTime(ReadOnlySpan<byte> body, AggregatesResult result) =>
        ResponseJsonWriter.AsOf(body, body.TrimEnd((byte)'\n').LastIndexOf((byte)'\n') + 1);

    protected override ITextBody Begin(AggregatesResult result) => new Body(result);

    private sealed class Body(AggregatesResult result) : ITextBody
    {
        private readonly RecordJsonWriter _records = new(result.Records);

        public void WriteHead(IBufferWriter<byte> target)
        {
        }

        public void WriteRecord(IBufferWriter<byte> target, int index)
        {
            _records.Write(target, result.Records[index], result.Records.PreviousOf(index));
            target.Write("\n"u8);
        }

        public void WriteTail(IBufferWriter<byte> target)
        {
            using (var json = new Utf8JsonWriter(target, ResponseJsonWriter.Options))
            {
                json.WriteStartObject();
                json.WritePropertyName("meta");
                JsonSerializer.Serialize(json, result.Meta, AggregatesJson.Default.ResponseMeta);
                ResponseJsonWriter.WriteTotals(json, result);
                json.WriteEndObject();
            }

            target.Write("\n"u8);
        }

        public void Dispose() => _records.Dispose();
    }
}
