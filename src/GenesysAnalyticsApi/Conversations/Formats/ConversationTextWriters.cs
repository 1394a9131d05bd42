using System.Text.Json;
using CsvHelper;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Formats;

namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>Writes one record per line, and meta on the last line.</summary>
internal sealed class ConversationNdjsonWriter : IConversationWriter
{
    public ResponseFormat Format => ResponseFormat.Ndjson;

    public async Task WriteAsync(
        Stream target, ConversationStream stream, ResolvedConversationsQuery query, bool hasByteOrderMark, CancellationToken cancellationToken)
    {
        using var chunk = new Chunk();
        await foreach (var record in stream.Records)
        {
            JsonSerializer.Serialize(chunk.Bytes, record, ConversationsJson.Default.ConversationRecord);
            chunk.Bytes.WriteByte((byte)'\n');
            await chunk.SendIfFullAsync(target, cancellationToken);
        }

        JsonSerializer.Serialize(chunk.Bytes, new ConversationsMetaLine(stream.Meta()), ConversationsJson.Default.ConversationsMetaLine);
        chunk.Bytes.WriteByte((byte)'\n');
        await chunk.SendAsync(target, cancellationToken);
    }
}

/// <summary>Writes CSV (RFC 4180, UTF-8), as GET /aggregates does.</summary>
internal sealed class ConversationCsvWriter : IConversationWriter
{
    public ResponseFormat Format => ResponseFormat.Csv;

    public async Task WriteAsync(
        Stream target, ConversationStream stream, ResolvedConversationsQuery query, bool hasByteOrderMark, CancellationToken cancellationToken)
    {
        using var chunk = new Chunk();
        await using var csv = CsvWriter.Create(chunk.Bytes, CsvTable.Options, leaveOpen: true);
        if (hasByteOrderMark)
        {
            await target.WriteAsync(CsvTable.ByteOrderMark, cancellationToken);
        }

        CsvTable.WriteHeader(csv, ConversationColumns.All.Select(column => column.Name));
        await foreach (var record in stream.Records)
        {
            CsvTable.WriteRow(csv, ConversationColumns.All, record);
            await chunk.SendIfFullAsync(target, cancellationToken);
        }

        await csv.FlushAsync(cancellationToken);
        await chunk.SendAsync(target, cancellationToken);
    }
}

/// <summary>
/// Writes one JSON document with all records, for results that are not paged. Meta follows the records, because it is not known before the last of them is
/// read.
/// </summary>
internal sealed class ConversationJsonWriter : IConversationWriter
{
    public ResponseFormat Format => ResponseFormat.Json;

    public async Task WriteAsync(
        Stream target, ConversationStream stream, ResolvedConversationsQuery query, bool hasByteOrderMark, CancellationToken cancellationToken)
    {
        using var chunk = new Chunk();
        chunk.Bytes.Write("{\"query\":"u8);
        JsonSerializer.Serialize(chunk.Bytes, query, ConversationsJson.Default.ResolvedConversationsQuery);
        chunk.Bytes.Write(",\"records\":["u8);
        var isFirst = true;
        await foreach (var record in stream.Records)
        {
            chunk.Bytes.Write(isFirst ? ""u8 : ","u8);
            JsonSerializer.Serialize(chunk.Bytes, record, ConversationsJson.Default.ConversationRecord);
            isFirst = false;
            await chunk.SendIfFullAsync(target, cancellationToken);
        }

        chunk.Bytes.Write("],\"meta\":"u8);
        JsonSerializer.Serialize(chunk.Bytes, stream.Meta(), ConversationsJson.Default.ConversationsMeta);
        chunk.Bytes.Write("}"u8);
        await chunk.SendAsync(target, cancellationToken);
    }
}

/// <summary>Buffers small writes, because each write to a response takes time.</summary>
internal sealed class Chunk : IDisposable
{
    private const int FullBytes = 32 * 1024;

    public MemoryStream Bytes { get; } = new(2 * FullBytes);

    public Task SendIfFullAsync(Stream target, CancellationToken cancellationToken) =>
        Bytes.Length < FullBytes ? Task.CompletedTask : SendAsync(target, cancellationToken);

    public async Task SendAsync(Stream target, CancellationToken cancellationToken)
    {
        await target.WriteAsync(Bytes.GetBuffer().AsMemory(0, (int)Bytes.Length), cancellationToken);
        Bytes.SetLength(0);
    }

    public void Dispose() => Bytes.Dispose();
}
