using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Formats;
using SpreadCheetah;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>Writes an Excel workbook: a sheet of records, the totals if requested, and a sheet of metadata. Times are in UTC, except localFrom.</summary>
internal sealed class XlsxResponseWriter(ResponseJsonWriter json) : IStreamedWriter
{
    public ResponseFormat Format => ResponseFormat.Xlsx;

    public async Task<ResponseBody> WriteAsync(AggregatesResult result)
    {
        using var target = new MemoryStream();
        await WriteAsync(target, result, CancellationToken.None);

        // The digest cannot omit the fetch time from compressed bytes, so it is computed from the same response in JSON.
        return new ResponseBody(target.ToArray(), ResponseBody.DigestOf(Format, System.Text.Encoding.ASCII.GetBytes((await json.WriteAsync(result)).Digest), ..0));
    }

    public async Task WriteAsync(Stream target, AggregatesResult result, CancellationToken disconnected)
    {
        await using var book = await XlsxWorkbook.CreateAsync(target);
        if (!await WriteRecordsAsync(book, "records", result.Records, disconnected))
        {
            return;
        }

        if (result.TotalRecords is { } totals)
        {
            await WriteRecordsAsync(book, "totals", totals, disconnected);
        }

        await book.WriteMetaAsync(Rows(result.Query, result.Meta));
    }

    private static async Task<bool> WriteRecordsAsync(XlsxWorkbook book, string name, RecordList records, CancellationToken disconnected)
    {
        var columns = RecordColumns.Of(records);
        await book.BeginRecordsAsync(name, columns.All);
        var cells = new DataCell[columns.All.Length];
        for (var row = 0; row < records.Count; row++)
        {
            if (disconnected.IsCancellationRequested)
            {
                return false;
            }

            XlsxWorkbook.Fill(cells, columns.Own, records[row]);
            XlsxWorkbook.Fill(cells.AsSpan(columns.Own.Length), columns.Previous, records.PreviousOf(row));
            await book.AddRowAsync(cells);
        }

        return true;
    }

    private static IEnumerable<(string Name, DataCell Value)> Rows(ResolvedQuery query, ResponseMeta meta) =>
    [
        ("interval", new DataCell(query.Interval)),
        ("timeZone", new DataCell(query.TimeZone)),
        ("granularity", new DataCell(query.Granularity)),
        ("groupBy", new DataCell(string.Join(", ", query.GroupBy))),
        .. XlsxWorkbook.Filter("queueIds", query.QueueIds), .. XlsxWorkbook.Filter("mediaTypes", query.MediaTypes), .. XlsxWorkbook.Filter("messageTypes", query.MessageTypes),
        .. XlsxWorkbook.Filter("direction", query.Direction is { } direction ? [direction] : null), .. XlsxWorkbook.Filter("userIds", query.UserIds), .. XlsxWorkbook.Filter("wrapUpCodes", query.WrapUpCodes),
        .. XlsxWorkbook.Filter("hours", query.Hours is { } hours ? [hours] : null), .. XlsxWorkbook.Filter("weekdays", query.Weekdays is { } weekdays ? [weekdays] : null),
        ("asOf", new DataCell(meta.AsOf)),
        ("complete", new DataCell(meta.Complete)),
        ("final", new DataCell(meta.Final)),
        ("stale", new DataCell(meta.Stale)),
        ("source", new DataCell(meta.Source)),
        ("rows.returned", new DataCell(meta.Rows.Returned)),
        ("rows.total", new DataCell(meta.Rows.Total)),
        .. meta.FailedSlices.Select(slice => ("failedSlice", XlsxWorkbook.TextOf($"{slice.From}/{slice.To} {slice.Granularity} {slice.Reason}"))),
        .. meta.Warnings.Select(warning => ($"warning.{warning.Code}", XlsxWorkbook.TextOf(warning.Message))),
    ];
}
