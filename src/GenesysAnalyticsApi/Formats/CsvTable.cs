using System.Collections.Immutable;
using System.Globalization;
using CsvHelper;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Formats;

/// <summary>
/// Writes rows as CSV (RFC 4180, UTF-8): a header line with the column names, then one line per row. A null value becomes an empty cell. Text that a
/// spreadsheet would run as a formula is prefixed with an apostrophe.
/// </summary>
internal static class CsvTable
{
    public const int ChunkBytes = 64 * 1024;

    /// <summary>The UTF-8 byte order mark. Without it, Excel does not read a file as UTF-8.</summary>
    public static readonly byte[] ByteOrderMark = [.. "\uFEFF"u8];

    public static readonly CsvWriterOptions Options = new()
    {
        NewLine = "\r\n",
        FormatProvider = CultureInfo.InvariantCulture,
        TrueValue = "true",
        FalseValue = "false",
        BufferSize = ChunkBytes,
    };

    public static void WriteHeader(CsvWriter csv, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            csv.WriteField(name);
        }

        csv.EndRecord();
    }

    public static void WriteRow<TRow>(CsvWriter csv, ImmutableArray<TableColumn<TRow>> columns, TRow row)
    {
        WriteCells(csv, columns, row);
        csv.EndRecord();
    }

    /// <summary>Writes the cells of a row without ending its line, so that more cells can follow.</summary>
    public static void WriteCells<TRow>(CsvWriter csv, ImmutableArray<TableColumn<TRow>> columns, TRow row)
    {
        foreach (var column in columns)
        {
            switch (column)
            {
                case IntegerColumn<TRow> whole:
                    csv.WriteField(whole.Of(row), default);
                    break;
                case DecimalColumn<TRow> number:
                    csv.WriteField(number.Of(row), default);
                    break;
                case TextColumn<TRow> text:
                    WriteText(csv, text.Of(row));
                    break;
                case TimeColumn<TRow> time:
                    csv.WriteField(time.Of(row));
                    break;
                case FlagColumn<TRow> flag when flag.Of(row) is { } value:
                    csv.WriteField(value);
                    break;
                default:
                    csv.WriteField(default(string));
                    break;
            }
        }
    }

    /// <summary>
    /// Writes a text cell and guards against formulas, as the CSV writer's injection option would. That option is off, because it would also
    /// examine every number, which would add about a seventh to the writing time.
    /// </summary>
    public static void WriteText(CsvWriter csv, string? text)
    {
        var shown = text is null ? null : DisplayText.Of(text);
        if (shown is [var first, ..] && Options.InjectionCharacters.Contains(first))
        {
            csv.WriteField($"{Options.InjectionEscape}{shown}", CsvQuoting.Always);
            return;
        }

        csv.WriteField(shown);
    }
}
