using System.Globalization;
using System.Text.Json;
using CsvHelper;
using GenesysAnalyticsApi.Aggregates.Formats;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Conversations.Records;

namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>Writes one record a line, and meta on the last line.</summary>
internal sealed class ConversationNdjsonWriter : IConversationWriter
{
    private const int ChunkBytes = 32 * 1024;

    public ResponseFormat Format => ResponseFormat.Ndjson;

    public async Task WriteAsync(
        Stream target, IAsyncEnumerable<ConversationRecord> records, Func<ConversationsMeta> meta, bool hasByteOrderMark, CancellationToken cancellationToken)
    {
        using var chunk = new MemoryStream(ChunkBytes * 2);
        await foreach (var record in records)
        {
            JsonSerializer.Serialize(chunk, record, ConversationsJson.Default.ConversationRecord);
            chunk.WriteByte((byte)'\n');
            if (chunk.Length >= ChunkBytes)
            {
                await SendAsync(target, chunk, cancellationToken);
            }
        }

        JsonSerializer.Serialize(chunk, new ConversationsMetaLine(meta()), ConversationsJson.Default.ConversationsMetaLine);
        chunk.WriteByte((byte)'\n');
        await SendAsync(target, chunk, cancellationToken);
    }

    private static async Task SendAsync(Stream target, MemoryStream chunk, CancellationToken cancellationToken)
    {
        await target.WriteAsync(chunk.GetBuffer().AsMemory(0, (int)chunk.Length), cancellationToken);
        chunk.SetLength(0);
    }
}

/// <summary>Writes CSV (RFC 4180, UTF-8), as GET /aggregates does.</summary>
internal sealed class ConversationCsvWriter : IConversationWriter
{
    private const int ChunkBytes = 32 * 1024;

    public ResponseFormat Format => ResponseFormat.Csv;

    public async Task WriteAsync(
        Stream target, IAsyncEnumerable<ConversationRecord> records, Func<ConversationsMeta> meta, bool hasByteOrderMark, CancellationToken cancellationToken)
    {
        using var chunk = new MemoryStream(ChunkBytes * 2);
        await using var csv = CsvWriter.Create(chunk, CsvResponseWriter.Options, leaveOpen: true);
        if (hasByteOrderMark)
        {
            await target.WriteAsync("\uFEFF"u8.ToArray(), cancellationToken);
        }

        foreach (var column in ConversationColumns.All)
        {
            csv.WriteField(column.Name);
        }

        csv.EndRecord();
        await foreach (var record in records)
        {
            foreach (var column in ConversationColumns.All)
            {
                CsvResponseWriter.WriteText(csv, Print(column.Value(record)));
            }

            csv.EndRecord();
            if (chunk.Length >= ChunkBytes)
            {
                await SendAsync(target, chunk, cancellationToken);
            }
        }

        await csv.FlushAsync(cancellationToken);
        await SendAsync(target, chunk, cancellationToken);
    }

    private static string? Print(object? value) => value switch
    {
        null => null,
        Instant instant => MillisecondInstantConverter.Print(instant),
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static async Task SendAsync(Stream target, MemoryStream chunk, CancellationToken cancellationToken)
    {
        await target.WriteAsync(chunk.GetBuffer().AsMemory(0, (int)chunk.Length), cancellationToken);
        chunk.SetLength(0);
    }
}
