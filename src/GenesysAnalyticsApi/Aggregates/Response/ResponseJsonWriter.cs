using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Folding;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>Writes a response as JSON: the query, the metadata, then record by record.</summary>
internal static class ResponseJsonWriter
{
    private const int BytesOfHead = 4 * 1024;
    private const int BytesOfChunk = 64 * 1024;
    private const int BytesOfRecord = 1_400;

    /// <summary>Non-ASCII names are not escaped, because the response is never embedded in HTML.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(AggregatesResult answered)
    {
        var expected = BytesOfHead + ((long)answered.Records.Count * BytesOfRecord);
        var target = new ArrayBufferWriter<byte>((int)Math.Min(expected, Array.MaxLength));
        Write(target, answered.Query, answered.Meta, answered.Records);
        return target.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Writes the response in chunks, so that only one chunk is in memory. If the caller disconnects, the JSON is left unterminated so that a
    /// truncated response never looks complete.
    /// </summary>
    public static async Task WriteAsync(Stream target, ResolvedQuery query, ResponseMeta meta, RecordList records, CancellationToken left)
    {
        var chunk = new ArrayBufferWriter<byte>(BytesOfChunk + BytesOfRecord);
        WriteHead(chunk, query, meta);
        using var writing = new RecordJsonWriter(records);
        for (var i = 0; i < records.Count; i++)
        {
            if (left.IsCancellationRequested)
            {
                return;
            }

            WriteRecord(chunk, writing, records, i);
            if (chunk.WrittenCount >= BytesOfChunk)
            {
                await target.WriteAsync(chunk.WrittenMemory, CancellationToken.None);
                chunk.ResetWrittenCount();
            }
        }

        chunk.Write("]}"u8);
        await target.WriteAsync(chunk.WrittenMemory, CancellationToken.None);
    }

    public static void Write(IBufferWriter<byte> target, ResolvedQuery query, ResponseMeta meta, RecordList records)
    {
        WriteHead(target, query, meta);
        using var writing = new RecordJsonWriter(records);
        for (var i = 0; i < records.Count; i++)
        {
            WriteRecord(target, writing, records, i);
        }

        target.Write("]}"u8);
    }

    private static void WriteHead(IBufferWriter<byte> target, ResolvedQuery query, ResponseMeta meta)
    {
        using (var json = new Utf8JsonWriter(target, Options))
        {
            json.WriteStartObject();
            json.WritePropertyName("query");
            JsonSerializer.Serialize(json, query, AggregatesJson.Default.ResolvedQuery);
            json.WritePropertyName("meta");
            JsonSerializer.Serialize(json, meta, AggregatesJson.Default.ResponseMeta);
            json.WriteStartArray("records");
        }
    }

    private static void WriteRecord(IBufferWriter<byte> target, RecordJsonWriter writing, RecordList records, int number)
    {
        if (number > 0)
        {
            target.Write(","u8);
        }

        writing.Write(target, records[number]);
    }
}
