using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>Writes a response as JSON: the query, the metadata, the totals, then record by record.</summary>
internal sealed class ResponseJsonWriter : TextResponseWriter
{
    /// <summary>Non-ASCII names are not escaped, because the response is never embedded in HTML.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // No string in the body can contain this text, because its quotes would be escaped. The value after it ends at the next comma.
    private static readonly byte[] AsOfMark = "\"asOf\":"u8.ToArray();

    public override ResponseFormat Format => ResponseFormat.Json;

    protected override int RecordBytes => 1_400;

    /// <summary>The range of <c>asOf</c> with its name and value. Empty if the body has none.</summary>
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

/// <summary>Writes one JSON record per line. The last line has the metadata and the totals. A reader that finds it knows that the body is complete.</summary>
internal sealed class NdjsonWriter : TextResponseWriter, ISegmentedWriter
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

/// <summary>Writes JSON that needs no escaping, and numbers, to a span of sufficient size.</summary>
internal ref struct Utf8SpanWriter(Span<byte> destination)
{
    /// <summary>The longest formatted number.</summary>
    public const int MaxNumberLength = 32;

    /// <summary>From this value on, the shortest form of a double has an exponent, even for integers.</summary>
    private const double MinWithExponent = 1e15;

    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _destination[..Length];

    public void Put(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_destination[Length..]);
        Length += text.Length;
    }

    public void PutAscii(string text) => Length += Encoding.ASCII.GetBytes(text, _destination[Length..]);

    public void Put(long? number)
    {
        if (number is { } known)
        {
            Put(known);
        }
        else
        {
            Put("null"u8);
        }
    }

    /// <summary>Writes the shortest form that round-trips, as System.Text.Json does.</summary>
    public void Put(double? number)
    {
        if (number is not { } known)
        {
            Put("null"u8);
        }
        else if (Math.Abs(known) < MinWithExponent && BitConverter.DoubleToInt64Bits((long)known) == BitConverter.DoubleToInt64Bits(known))
        {
            // Most values are integers, which are much cheaper to format. Compared bitwise to detect negative zero.
            Put((long)known);
        }
        else
        {
            var isPut = Utf8Formatter.TryFormat(known, _destination[Length..], out var bytes);
            Debug.Assert(isPut && double.IsFinite(known), "The span is large enough, and figures are finite or null.");
            Length += bytes;
        }
    }

    private void Put(long number)
    {
        var isPut = Utf8Formatter.TryFormat(number, _destination[Length..], out var bytes);
        Debug.Assert(isPut, "The span is large enough.");
        Length += bytes;
    }
}
