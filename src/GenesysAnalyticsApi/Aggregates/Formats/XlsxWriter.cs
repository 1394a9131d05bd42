using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Text;
using SpreadCheetah;
using SpreadCheetah.Styling;
using SpreadCheetah.Worksheets;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>Writes an Excel workbook: a sheet of records with typed cells and a frozen header, the totals if requested, and a sheet of metadata. Times are in UTC, except localFrom.</summary>
internal sealed class XlsxWriter(ResponseJsonWriter json) : IStreamedWriter
{
    private const double NameWidth = 28;
    private const double TimeWidth = 19;

    private static readonly SpreadCheetahOptions Options = new()
    {
        CompressionLevel = SpreadCheetahCompressionLevel.Fastest,
        DefaultDateTimeFormat = NumberFormat.Custom("yyyy-mm-dd hh:mm:ss"),
        // They would have the time at which the file was written; equal responses have equal bytes.
        DocumentProperties = null,
    };

    public ResponseFormat Format => ResponseFormat.Xlsx;

    public async Task<ResponseBody> WriteAsync(AggregatesResult result)
    {
        using var target = new MemoryStream();
        await WriteAsync(target, result, CancellationToken.None);

        // The bytes are compressed, so the fetch time cannot be left out of them.
        return new ResponseBody(target.ToArray(), ResponseBody.DigestOf(Format, System.Text.Encoding.ASCII.GetBytes((await json.WriteAsync(result)).Digest), ..0));
    }

    public async Task WriteAsync(Stream target, AggregatesResult result, CancellationToken disconnected)
    {
        await using var zip = new ReproducibleZipStream(target);
        await using var book = await Spreadsheet.CreateNewAsync(zip, Options, CancellationToken.None);
        var bold = book.AddStyle(new Style { Font = { Bold = true } });
        if (!await WriteRecordsAsync(book, "records", result.Records, bold, disconnected))
        {
            return;
        }

        if (result.TotalRecords is { } totals)
        {
            await WriteRecordsAsync(book, "totals", totals, bold, disconnected);
        }

        await WriteMetaAsync(book, result, bold);
        await book.FinishAsync(CancellationToken.None);
        await zip.FlushAsync(CancellationToken.None);
    }

    private static async Task<bool> WriteRecordsAsync(Spreadsheet book, string name, RecordList records, StyleId bold, CancellationToken disconnected)
    {
        var columns = TableColumns.Of(records);
        var sheet = new WorksheetOptions { FrozenRows = 1 };
        for (var i = 0; i < columns.Length; i++)
        {
            sheet.Column(i + 1).Width = columns[i] is TimeColumn ? TimeWidth : columns[i] is TextColumn ? NameWidth : Math.Max(10, columns[i].Name.Length + 2);
        }

        await book.StartWorksheetAsync(name, sheet, CancellationToken.None);
        await book.AddHeaderRowAsync(columns.Select(column => column.Name).ToArray(), bold, CancellationToken.None);
        var cells = new DataCell[columns.Length];
        for (var row = 0; row < records.Count; row++)
        {
            if (disconnected.IsCancellationRequested)
            {
                return false;
            }

            var (record, previous) = (records[row], records.PreviousOf(row));
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = columns[i].RowOf(record, previous) is { } of ? CellOf(columns[i], of) : default;
            }

            await book.AddRowAsync(cells, CancellationToken.None);
        }

        return true;
    }

    private static DataCell CellOf(TableColumn column, RecordRow row) => column switch
    {
        IntegerColumn whole => new DataCell(whole.Of(row)),
        DecimalColumn number => new DataCell(number.Of(row)),
        TextColumn text => new DataCell(text.Of(row) is { } value ? DisplayText.Of(value) : null),
        TimeColumn time => new DataCell(time.Time(row)),
        FlagColumn flag => new DataCell(flag.Of(row)),
        _ => default,
    };

    private static async Task WriteMetaAsync(Spreadsheet book, AggregatesResult result, StyleId bold)
    {
        var sheet = new WorksheetOptions { FrozenRows = 1 };
        sheet.Column(1).Width = NameWidth;
        sheet.Column(2).Width = 80;
        await book.StartWorksheetAsync("meta", sheet, CancellationToken.None);
        await book.AddHeaderRowAsync(["name", "value"], bold, CancellationToken.None);
        foreach (var (name, value) in Rows(result.Query, result.Meta))
        {
            await book.AddRowAsync([new DataCell(name), value], CancellationToken.None);
        }
    }

    private static IEnumerable<(string Name, DataCell Value)> Filter(string name, IReadOnlyList<string>? values) =>
        values is [_, ..] ? [(name, new DataCell(DisplayText.Of(string.Join(", ", values))))] : [];

    private static IEnumerable<(string Name, DataCell Value)> Rows(ResolvedQuery query, ResponseMeta meta) =>
    [
        ("interval", new DataCell(query.Interval)),
        ("timeZone", new DataCell(query.TimeZone)),
        ("granularity", new DataCell(query.Granularity)),
        ("groupBy", new DataCell(string.Join(", ", query.GroupBy))),
        .. Filter("queueIds", query.QueueIds), .. Filter("mediaTypes", query.MediaTypes), .. Filter("messageTypes", query.MessageTypes),
        .. Filter("direction", query.Direction is { } direction ? [direction] : null), .. Filter("userIds", query.UserIds), .. Filter("wrapUpCodes", query.WrapUpCodes),
        .. Filter("hours", query.Hours is { } hours ? [hours] : null), .. Filter("weekdays", query.Weekdays is { } weekdays ? [weekdays] : null),
        ("asOf", new DataCell(meta.AsOf)),
        ("complete", new DataCell(meta.Complete)),
        ("final", new DataCell(meta.Final)),
        ("stale", new DataCell(meta.Stale)),
        ("source", new DataCell(meta.Source)),
        ("rows.returned", new DataCell(meta.Rows.Returned)),
        ("rows.total", new DataCell(meta.Rows.Total)),
        .. meta.FailedSlices.Select(slice => ("failedSlice", new DataCell(DisplayText.Of($"{slice.From}/{slice.To} {slice.Granularity} {slice.Reason}")))),
        .. meta.Warnings.Select(warning => ($"warning.{warning.Code}", new DataCell(DisplayText.Of(warning.Message)))),
    ];
}
