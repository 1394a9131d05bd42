using CsvHelper;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Formats;

namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>Writes CSV (RFC 4180, UTF-8), as GET /aggregates does.</summary>
internal sealed class ConversationCsvWriter : IConversationWriter
{
    public ResponseFormat Format => ResponseFormat.Csv;

    public async Task WriteAsync(
        Stream target, ConversationStream stream, ResolvedConversationsQuery query, bool writeByteOrderMark, CancellationToken cancellationToken)
    {
        using var buffer = new WriteBuffer();
        await using var csv = CsvWriter.Create(buffer.Bytes, CsvTable.Options, leaveOpen: true);
        if (writeByteOrderMark)
        {
            await target.WriteAsync(CsvTable.ByteOrderMark, cancellationToken);
        }

        CsvTable.WriteHeader(csv, ConversationColumns.All.Select(column => column.Name));
        await foreach (var record in stream.Records)
        {
            CsvTable.WriteRow(csv, ConversationColumns.All, record);
            await buffer.SendIfFullAsync(target, cancellationToken);
        }

        await csv.FlushAsync(cancellationToken);
        await buffer.SendAsync(target, cancellationToken);
    }
}
