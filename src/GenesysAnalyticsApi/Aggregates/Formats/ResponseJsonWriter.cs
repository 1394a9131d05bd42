using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>Writes a response as JSON: the query, the metadata, the totals, then record by record.</summary>
internal sealed class ResponseJsonWriter : SequentialResponseWriter
{
    /// <summary>The options for JSON. Non-ASCII names are not escaped, because the response is never embedded in HTML.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // No string in the body can contain this text, because its quotes would be escaped. The value after it ends at the next comma.
    private static readonly byte[] AsOfMark = "\"asOf\":"u8.ToArray();

    public override ResponseFormat Format => ResponseFormat.Json;

    protected override int RecordBytes => 1_400;

    /// <summary>The range of the name and value of <c>asOf</c>; empty if the body does not contain it.</summary>
    public static Range AsOf(ReadOnlySpan<byte> body, int from = 0)
    {
        var mark = body[from..].IndexOf(AsOfMark) + from;
        return mark < from ? ..0 : mark..(mark + body[mark..].IndexOf((byte)','));
    }

    public static void WriteTotals(Utf8JsonWriter json, AggregatesResult result)
    {
        if (result.TotalRecords is not { } totals)
        {
            return;
        }

        var target = new ArrayBufferWriter<byte>(1_400);
        using var writer = new RecordJsonWriter(totals);
        writer.Write(target, totals[0], totals.PreviousOf(0));
        json.WritePropertyName("totals");
        json.WriteRawValue(target.WrittenSpan, skipInputValidation: true);
    }

    protected override Range FetchTime(ReadOnlySpan<byte> body, AggregatesResult result) => AsOf(body);

    protected override ITextBody Begin(AggregatesResult result) => new Body(result);

    private sealed class Body(AggregatesResult result) : ITextBody
    {
        private readonly RecordJsonWriter _records = new(result.Records);

        public void WriteHead(IBufferWriter<byte> target)
        {
            using var json = new Utf8JsonWriter(target, Options);
            json.WriteStartObject();
            json.WritePropertyName("query");
            JsonSerializer.Serialize(json, result.Query, AggregatesJson.Default.ResolvedQuery);
            json.WritePropertyName("meta");
            JsonSerializer.Serialize(json, result.Meta, AggregatesJson.Default.ResponseMeta);
            WriteTotals(json, result);
            json.WriteStartArray("records");
        }

        public void WriteRecord(IBufferWriter<byte> target, int index)
        {
            if (index > 0)
            {
                target.Write(","u8);
            }

            _records.Write(target, result.Records[index], result.Records.PreviousOf(index));
        }

        public void WriteTail(IBufferWriter<byte> target) => target.Write("]}"u8);

        public void Dispose() => _records.Dispose();
    }
}
