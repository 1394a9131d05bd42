using System.Collections.Immutable;
using Parquet;
using Parquet.Schema;

namespace GenesysAnalyticsApi.Formats;

/// <summary>Writes rows as Parquet with typed, nullable columns. Instants become UTC timestamps; local times become local timestamps.</summary>
internal static class ParquetTable
{
    public static ParquetSchema SchemaOf<TRow>(IEnumerable<TableColumn<TRow>> columns) => new([.. columns.Select(FieldOf)]);

    /// <summary>Writes the rows as one row group.</summary>
    /// <param name="schema">The schema of the columns.</param>
    public static async Task WriteGroupAsync<TRow>(ParquetWriter writer, ImmutableArray<TableColumn<TRow>> columns, ParquetSchema schema, IReadOnlyList<TRow> rows)
    {
        using var group = writer.CreateRowGroup();
        foreach (var (column, field) in columns.Zip(schema.DataFields))
        {
            await WriteAsync(group, column, field, rows.Count, i => rows[i]);
        }
    }

    /// <summary>Writes the next column of a row group.</summary>
    public static Task WriteAsync<TRow>(ParquetRowGroupWriter group, TableColumn<TRow> column, DataField field, int count, Func<int, TRow> rowAt) => column switch
    {
        IntegerColumn<TRow> whole => group.WriteAsync<long>(field, ValuesOf(count, rowAt, whole.Of).AsMemory()),
        DecimalColumn<TRow> number => group.WriteAsync<double>(field, ValuesOf(count, rowAt, number.Of).AsMemory()),
        FlagColumn<TRow> flag => group.WriteAsync<bool>(field, ValuesOf(count, rowAt, flag.Of).AsMemory()),
        TimeColumn<TRow> time => group.WriteAsync<DateTime>(field, ValuesOf(count, rowAt, time.Time).AsMemory()),
        TextColumn<TRow> text => group.WriteAsync(field, ValuesOf(count, rowAt, text.Of)!),
        _ => throw new InvalidOperationException($"The column {column.Name} has no Parquet type."),
    };

    private static T[] ValuesOf<TRow, T>(int count, Func<int, TRow> rowAt, Func<TRow, T> valueOf)
    {
        var values = new T[count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = valueOf(rowAt(i));
        }

        return values;
    }

    private static DataField FieldOf<TRow>(TableColumn<TRow> column) => column switch
    {
        IntegerColumn<TRow> => new DataField<long?>(column.Name),
        DecimalColumn<TRow> => new DataField<double?>(column.Name),
        FlagColumn<TRow> => new DataField<bool?>(column.Name),
        TimeColumn<TRow> time => new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, time.IsInstant, DateTimeTimeUnit.Micros, isNullable: true),
        _ => new DataField<string>(column.Name),
    };
}
