using System.Collections.Immutable;
using GenesysAnalyticsApi.Text;
using SpreadCheetah;
using SpreadCheetah.Styling;
using SpreadCheetah.Worksheets;

namespace GenesysAnalyticsApi.Formats;

/// <summary>Writes an Excel workbook: record sheets with typed cells and frozen headers, and a metadata sheet. Equal content produces equal bytes.</summary>
internal sealed class XlsxWorkbook : IAsyncDisposable
{
    private const double NameWidth = 28;
    private const double TimeWidth = 19;
    private const double ValueWidth = 80;

    private static readonly SpreadCheetahOptions Options = new()
    {
        CompressionLevel = SpreadCheetahCompressionLevel.Fastest,
        DefaultDateTimeFormat = NumberFormat.Custom("yyyy-mm-dd hh:mm:ss"),
        // Document properties would contain the time of writing, but equal responses must have equal bytes.
        DocumentProperties = null,
    };

    private readonly ReproducibleZipStream _zip;
    private readonly Spreadsheet _book;
    private readonly StyleId _bold;

    private XlsxWorkbook(ReproducibleZipStream zip, Spreadsheet book) => (_zip, _book, _bold) = (zip, book, book.AddStyle(new Style { Font = { Bold = true } }));

    public static async Task<XlsxWorkbook> CreateAsync(Stream target)
    {
        var zip = new ReproducibleZipStream(target);
        return new(zip, await Spreadsheet.CreateNewAsync(zip, Options, CancellationToken.None));
    }

    /// <summary>Begins a sheet of records. Calls of <see cref="AddRowAsync"/> then add the rows.</summary>
    public ValueTask BeginRecordsAsync<TRow>(string name, IReadOnlyList<TableColumn<TRow>> columns) => BeginAsync(
        name,
        [.. columns.Select(column => column.Name)],
        columns.Select(column => column switch
        {
            TimeColumn<TRow> => TimeWidth,
            TextColumn<TRow> => NameWidth,
            _ => Math.Max(10, column.Name.Length + 2),
        }));

    public ValueTask AddRowAsync(ReadOnlyMemory<DataCell> cells) => _book.AddRowAsync(cells, CancellationToken.None);

    /// <summary>Writes the sheet of metadata and completes the workbook.</summary>
    public async Task WriteMetaAsync(IEnumerable<(string Name, DataCell Value)> rows)
    {
        await BeginAsync("meta", ["name", "value"], [NameWidth, ValueWidth]);
        foreach (var (name, value) in rows)
        {
            await AddRowAsync(new[] { new DataCell(name), value });
        }

        await _book.FinishAsync(CancellationToken.None);
        await _zip.FlushAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _book.DisposeAsync();
        await _zip.DisposeAsync();
    }

    /// <summary>Writes the cells of a row to the start of a span.</summary>
    public static void Fill<TRow>(Span<DataCell> cells, ImmutableArray<TableColumn<TRow>> columns, TRow row)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            cells[i] = columns[i] switch
            {
                IntegerColumn<TRow> whole => new DataCell(whole.Of(row)),
                DecimalColumn<TRow> number => new DataCell(number.Of(row)),
                TextColumn<TRow> text => TextOf(text.Of(row)),
                TimeColumn<TRow> time => new DataCell(time.Time(row)),
                FlagColumn<TRow> flag => new DataCell(flag.Of(row)),
                _ => default,
            };
        }
    }

    public static DataCell TextOf(string? text) => new(text is null ? null : DisplayText.Of(text));

    /// <summary>Returns a row of metadata about a filter; no row if the filter has no values.</summary>
    public static IEnumerable<(string Name, DataCell Value)> Filter(string name, IReadOnlyList<string>? values) => values is [_, ..] ? [(name, TextOf(string.Join(", ", values)))] : [];

    private async ValueTask BeginAsync(string name, string[] header, IEnumerable<double> widths)
    {
        var sheet = new WorksheetOptions { FrozenRows = 1 };
        foreach (var (index, width) in widths.Index())
        {
            sheet.Column(index + 1).Width = width;
        }

        await _book.StartWorksheetAsync(name, sheet, CancellationToken.None);
        await _book.AddHeaderRowAsync(header, _bold, CancellationToken.None);
    }
}
