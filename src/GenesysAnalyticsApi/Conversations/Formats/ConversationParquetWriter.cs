using GenesysAnalyticsApi.Aggregates.Formats;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Conversations.Records;
using Parquet;
using Parquet.Schema;

namespace GenesysAnalyticsApi.Conversations.Formats;

/// <summary>Writes Parquet with typed columns, in row groups that bound the memory.</summary>
internal sealed class ConversationParquetWriter : IConversationWriter
{
    private const int RowsPerGroup = 20_000;

    private static readonly DataField[] Fields = [.. ConversationColumns.All.Select(FieldOf)];

    public ResponseFormat Format => ResponseFormat.Parquet;

    public async Task WriteAsync(
        Stream target, ConversationStream stream, ResolvedConversationsQuery query, bool hasByteOrderMark, CancellationToken cancellationToken)
    {
        await using var output = new DeferredFlushStream(target);
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(Fields), output, cancellationToken: cancellationToken))
        {
            var rows = new List<ConversationRecord>();
            var hasGroup = false;
            await foreach (var record in stream.Records)
            {
                rows.Add(record);
                if (rows.Count == RowsPerGroup)
                {
                    await WriteGroupAsync(writer, rows);
                    rows.Clear();
                    hasGroup = true;
                }
            }

            if (rows.Count > 0 || !hasGroup)
            {
                await WriteGroupAsync(writer, rows);
            }
        }

        await output.FlushAsync(cancellationToken);
    }

    private static async Task WriteGroupAsync(ParquetWriter writer, List<ConversationRecord> rows)
    {
        using var group = writer.CreateRowGroup();
        foreach (var (column, field) in ConversationColumns.All.Zip(Fields))
        {
            await (column.Type switch
            {
                var type when type == typeof(long) => group.WriteAsync<long>(field, ValuesOf(value => (long?)value).AsMemory()),
                var type when type == typeof(bool) => group.WriteAsync<bool>(field, ValuesOf(value => (bool?)value).AsMemory()),
                var type when type == typeof(Instant) => group.WriteAsync<DateTime>(field, ValuesOf(value => ((Instant?)value)?.ToDateTimeUtc()).AsMemory()),
                _ => group.WriteAsync(field, ValuesOf(value => (string?)value)!),
            });

            T[] ValuesOf<T>(Func<object?, T> convert) => [.. rows.Select(row => convert(column.Value(row)))];
        }
    }

    private static DataField FieldOf(ConversationColumn column) => column.Type switch
    {
        var type when type == typeof(long) => new DataField<long?>(column.Name),
        var type when type == typeof(bool) => new DataField<bool?>(column.Name),
        var type when type == typeof(Instant) => new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Micros, isNullable: true),
        _ => new DataField<string>(column.Name),
    };
}
