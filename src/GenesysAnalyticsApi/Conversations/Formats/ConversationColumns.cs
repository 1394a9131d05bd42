using System.Collections.Immutable;
using System.Text.Json;
using CsvHelper;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Formats;
using Parquet;
using Parquet.Schema;

namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>The columns of CSV and Parquet, with the names of the JSON fields. The items of a list are joined with semicolons.</summary>
internal static class ConversationColumns
{
    public static readonly ImmutableArray<TableColumn<ConversationRecord>> All =
    [
        Text("conversationId", record => record.ConversationId),
        Time("conversationStart", record => record.ConversationStart),
        Time("conversationEnd", record => record.ConversationEnd),
        Text("queueId", record => record.QueueId),
        Text("queueName", record => record.QueueName),
        Text("mediaType", record => record.MediaType),
        Text("direction", record => record.Direction),
        Text("outcome", record => record.Outcome is { } outcome ? JsonNamingPolicy.CamelCase.ConvertName(outcome.ToString()) : null),
        Text("agents", record => record.Agents is { } agents ? string.Join(';', agents) : null),
        Whole("waitTimeMs", record => record.WaitTimeMs),
        Whole("talkTimeMs", record => record.TalkTimeMs),
        Whole("holdTimeMs", record => record.HoldTimeMs),
        Whole("wrapTimeMs", record => record.WrapTimeMs),
        Whole("handleTimeMs", record => record.HandleTimeMs),
        Flag("transferred", record => record.Transferred),
        Text("wrapUpCodes", record => string.Join(';', record.WrapUpCodes)),
        Text("disconnectType", record => record.DisconnectType),
        Flag("provisional", record => record.Provisional),
    ];

    private static TextColumn<ConversationRecord> Text(string name, Func<ConversationRecord, string?> valueOf) => new(name, valueOf);

    private static TimeColumn<ConversationRecord> Time(string name, Func<ConversationRecord, Instant?> valueOf) => new(
        name, IsInstant: true, record => valueOf(record) is { } instant ? MillisecondInstantConverter.Print(instant) : null, record => valueOf(record)?.ToDateTimeUtc());

    private static IntegerColumn<ConversationRecord> Whole(string name, Func<ConversationRecord, long?> valueOf) => new(name, valueOf);

    private static FlagColumn<ConversationRecord> Flag(string name, Func<ConversationRecord, bool?> valueOf) => new(name, valueOf);
}

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
