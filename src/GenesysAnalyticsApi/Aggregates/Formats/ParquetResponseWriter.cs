using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using Parquet;
using Parquet.Schema;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>Writes a response as Parquet with typed columns: instants as UTC timestamps, localFrom as a local one. A row group has at most 100,000 rows, and those of one segment.</summary>
internal sealed class ParquetResponseWriter : ISegmentedWriter
{
    private const int RowsPerGroup = 100_000;

    public ResponseFormat Format => ResponseFormat.Parquet;

    public async Task<ResponseBody> WriteAsync(AggregatesResult result)
    {
        using var target = new MemoryStream();
        await WriteAsync(target, result, CancellationToken.None);
        return ResponseBody.Of(target.ToArray(), Format, ..0);
    }

    public Task WriteAsync(Stream target, AggregatesResult result, CancellationToken disconnected) =>
        WriteAsync(target, new[] { result }.ToAsyncEnumerable(), disconnected);

    public async Task WriteAsync(Stream target, IAsyncEnumerable<AggregatesResult> segments, CancellationToken disconnected)
    {
        await using var output = new DeferredFlushStream(target);
        ParquetWriter? writer = null;
        try
        {
            ImmutableArray<DataField> fields = [];
            await foreach (var segment in segments)
            {
                var columns = TableColumns.Of(segment.Records);
                if (writer is null)
                {
                    fields = [.. columns.Select(FieldOf)];
                    writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), output, cancellationToken: CancellationToken.None);
                }

                for (var first = 0; first == 0 || first < segment.Records.Count; first += RowsPerGroup)
                {
                    using var group = writer.CreateRowGroup();
                    var rows = (First: first, Count: Math.Min(RowsPerGroup, segment.Records.Count - first));
                    foreach (var (column, field) in columns.Zip(fields))
                    {
                        disconnected.ThrowIfCancellationRequested();
                        await WriteAsync(group, column, field, segment, rows);
                    }
                }
            }
        }
        finally
        {
            if (writer is not null)
            {
                await writer.DisposeAsync();
            }
        }

        await output.FlushAsync(CancellationToken.None);
    }

    private static Task WriteAsync(ParquetRowGroupWriter group, TableColumn column, DataField field, AggregatesResult result, (int First, int Count) rows) => column switch
    {
        IntegerColumn whole => group.WriteAsync<long>(field, ValuesOf(result.Records, rows, column, row => row is { } of ? whole.Of(of) : null).AsMemory()),
        DecimalColumn number => group.WriteAsync<double>(field, ValuesOf(result.Records, rows, column, row => row is { } of ? number.Of(of) : null).AsMemory()),
        FlagColumn flag => group.WriteAsync<bool>(field, ValuesOf(result.Records, rows, column, row => row is { } of ? flag.Of(of) : default(bool?)).AsMemory()),
        TimeColumn time => group.WriteAsync<DateTime>(field, ValuesOf(result.Records, rows, column, row => row is { } of ? time.Time(of) : default(DateTime?)).AsMemory()),
        TextColumn text => group.WriteAsync(field, ValuesOf(result.Records, rows, column, row => row is { } of ? text.Of(of) : null)!),
        _ => throw new InvalidOperationException($"The column {column.Name} has no Parquet type."),
    };

    private static T[] ValuesOf<T>(RecordList records, (int First, int Count) rows, TableColumn column, Func<RecordRow?, T> of)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var index = rows.First + i;
            values[i] = of(column.IsPrevious ? records.PreviousOf(index) : records[index]);
        }

        return values;
    }

    private static DataField FieldOf(TableColumn column) => column switch
    {
        IntegerColumn => new DataField<long?>(column.Name),
        DecimalColumn => new DataField<double?>(column.Name),
        FlagColumn => new DataField<bool?>(column.Name),
        TimeColumn time => new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, time.IsInstant, DateTimeTimeUnit.Micros, isNullable: true),
        _ => new DataField<string>(column.Name),
    };
}
