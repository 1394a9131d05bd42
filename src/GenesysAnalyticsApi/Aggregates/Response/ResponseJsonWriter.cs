using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Folding;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>Writes a response as JSON: the query, the metadata, the totals, then record by record.</summary>
internal static class ResponseJsonWriter
{
    private const int HeadBytes = 4 * 1024;
    private const int ChunkBytes = 64 * 1024;
    private const int RecordBytes = 1_400;

    /// <summary>Non-ASCII names are not escaped, because the response is never embedded in HTML.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(AggregatesResult result)
    {
        var expected = HeadBytes + ((long)result.Records.Count * RecordBytes * (result.Records.HasPrevious ? 2 : 1));
        var target = new ArrayBufferWriter<byte>((int)Math.Min(expected, Array.MaxLength));
        Write(target, result.Query, result.Meta, result.Records, result.TotalRecords);
        return target.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Writes the response in chunks, so that only one chunk is in memory. If the caller disconnects, the JSON is left unterminated so that a
    /// truncated response never looks complete.
    /// </summary>
    public static async Task WriteAsync(Stream target, ResolvedQuery query, ResponseMeta meta, RecordList records, CancellationToken disconnected)
    {
        var chunk = new ArrayBufferWriter<byte>(ChunkBytes + RecordBytes);
        WriteHead(chunk, query, meta, totals: null);
        using var writer = new RecordJsonWriter(records);
        for (var i = 0; i < records.Count; i++)
        {
            if (disconnected.IsCancellationRequested)
            {
                return;
            }

            WriteRecord(chunk, writer, records, i);
            if (chunk.WrittenCount >= ChunkBytes)
            {
                await target.WriteAsync(chunk.WrittenMemory, CancellationToken.None);
                chunk.ResetWrittenCount();
            }
        }

        chunk.Write("]}"u8);
        await target.WriteAsync(chunk.WrittenMemory, CancellationToken.None);
    }

    /// <param name="totals">A list of one record; null if not requested.</param>
    public static void Write(IBufferWriter<byte> target, ResolvedQuery query, ResponseMeta meta, RecordList records, RecordList? totals = null)
    {
        WriteHead(target, query, meta, totals);
        using var writer = new RecordJsonWriter(records);
        for (var i = 0; i < records.Count; i++)
        {
            WriteRecord(target, writer, records, i);
        }

        target.Write("]}"u8);
    }

    private static void WriteHead(IBufferWriter<byte> target, ResolvedQuery query, ResponseMeta meta, RecordList? totals)
    {
        using (var json = new Utf8JsonWriter(target, Options))
        {
            json.WriteStartObject();
            json.WritePropertyName("query");
            JsonSerializer.Serialize(json, query, AggregatesJson.Default.ResolvedQuery);
            json.WritePropertyName("meta");
            JsonSerializer.Serialize(json, meta, AggregatesJson.Default.ResponseMeta);
            if (totals is not null)
            {
                json.WritePropertyName("totals");
                json.WriteRawValue(Record(totals), skipInputValidation: true);
            }

            json.WriteStartArray("records");
        }
    }

    /// <summary>The only record of a list.</summary>
    private static ReadOnlySpan<byte> Record(RecordList records)
    {
        var target = new ArrayBufferWriter<byte>(RecordBytes);
        using var writer = new RecordJsonWriter(records);
        WriteRecord(target, writer, records, 0);
        return target.WrittenSpan;
    }

    private static void WriteRecord(IBufferWriter<byte> target, RecordJsonWriter writer, RecordList records, int number)
    {
        if (number > 0)
        {
            target.Write(","u8);
        }

        writer.Write(target, records[number], records.PreviousOf(number));
    }
}
