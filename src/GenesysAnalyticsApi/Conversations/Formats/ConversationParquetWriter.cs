using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Formats;
using Parquet;
using Parquet.Schema;

namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>Writes Parquet with typed columns. The row groups have a limited size, which limits the memory use.</summary>
internal sealed class ConversationParquetWriter : IConversationWriter
{
    private const int RowsPerGroup = 20_000;

    private static readonly ParquetSchema Schema = ParquetTable.SchemaOf(ConversationColumns.All);

    public ResponseFormat Format => ResponseFormat.Parquet;

    public async Task WriteAsync(
        Stream target, ConversationStream stream, ResolvedConversationsQuery query, bool writeByteOrderMark, CancellationToken cancellationToken)
    {
        await using var output = new DeferredFlushStream(target);
        await using (var writer = await ParquetWriter.CreateAsync(Schema, output, cancellationToken: cancellationToken))
        {
            var rows = new List<ConversationRecord>();
            var hasGroup = false;
            await foreach (var record in stream.Records)
            {
                rows.Add(record);
                if (rows.Count == RowsPerGroup)
                {
                    await ParquetTable.WriteGroupAsync(writer, ConversationColumns.All, Schema, rows);
                    rows.Clear();
                    hasGroup = true;
                }
            }

            if (rows.Count > 0 || !hasGroup)
            {
                await ParquetTable.WriteGroupAsync(writer, ConversationColumns.All, Schema, rows);
            }
        }

        await output.FlushAsync(cancellationToken);
    }
}
