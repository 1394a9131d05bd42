using System.Text;
using System.Text.Json;
using CsvHelper;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Conversations.Records;
using GenesysAnalyticsApi.Formats;
using GenesysAnalyticsApi.Observations.Request;
using Parquet;
using Parquet.Schema;
using SpreadCheetah;

namespace GenesysAnalyticsApi.Observations.Response;

/// <summary>Writes a response in the format of its query.</summary>
internal static class ObservationsWriters
{
    private static readonly ParquetSchema Schema = ParquetTable.SchemaOf(ObservationColumns.All);

    private static readonly Dictionary<ResponseFormat, Func<ObservationsResponse, ObservationsQuery, Task<byte[]>>> Writers = new()
    {
        [ResponseFormat.Json] = (response, _) => Task.FromResult(JsonSerializer.SerializeToUtf8Bytes(response, ObservationsJson.Default.ObservationsResponse)),
        [ResponseFormat.Ndjson] = (response, _) => Task.FromResult(WriteNdjson(response)),
        [ResponseFormat.Csv] = (response, query) => Task.FromResult(WriteCsv(response, query.ByteOrderMark)),
        [ResponseFormat.Xlsx] = (response, _) => WriteXlsxAsync(response),
        [ResponseFormat.Table] = (response, query) => Task.FromResult(Encoding.UTF8.GetBytes(ObservationsTextTable.Of(response, query))),
        [ResponseFormat.Parquet] = (response, _) => WriteParquetAsync(response),
        [ResponseFormat.OpenMetrics] = (response, _) => Task.FromResult(Encoding.UTF8.GetBytes(ObservationsOpenMetrics.Of(response))),
    };

    public static Task<byte[]> WriteAsync(ObservationsResponse response, ObservationsQuery query) => Writers[query.Format](response, query);

    /// <summary>Writes one record per line, and warnings and meta on the last line.</summary>
    private static byte[] WriteNdjson(ObservationsResponse response)
    {
        using var lines = new MemoryStream();
        foreach (var record in response.Records)
        {
            JsonSerializer.Serialize(lines, record, ObservationsJson.Default.ObservationRecord);
            lines.WriteByte((byte)'\n');
        }

        JsonSerializer.Serialize(lines, new ObservationsMetaLine(response.Warnings, response.Meta), ObservationsJson.Default.ObservationsMetaLine);
        lines.WriteByte((byte)'\n');
        return lines.ToArray();
    }

    private static byte[] WriteCsv(ObservationsResponse response, bool writeByteOrderMark)
    {
        using var target = new MemoryStream();
        target.Write(writeByteOrderMark ? CsvTable.ByteOrderMark : []);
        using (var csv = CsvWriter.Create(target, CsvTable.Options, leaveOpen: true))
        {
            CsvTable.WriteHeader(csv, ObservationColumns.All.Select(column => column.Name));
            foreach (var record in response.Records)
            {
                CsvTable.WriteRow(csv, ObservationColumns.All, record);
            }
        }

        return target.ToArray();
    }

    private static async Task<byte[]> WriteParquetAsync(ObservationsResponse response)
    {
        using var target = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(Schema, target))
        {
            await ParquetTable.WriteGroupAsync(writer, ObservationColumns.All, Schema, response.Records);
        }

        return target.ToArray();
    }

    private static async Task<byte[]> WriteXlsxAsync(ObservationsResponse response)
    {
        using var target = new MemoryStream();
        await using (var book = await XlsxWorkbook.CreateAsync(target))
        {
            await book.BeginRecordsAsync("records", ObservationColumns.All);
            var cells = new DataCell[ObservationColumns.All.Length];
            foreach (var record in response.Records)
            {
                XlsxWorkbook.Fill(cells, ObservationColumns.All, record);
                await book.AddRowAsync(cells);
            }

            await book.WriteMetaAsync(MetaOf(response));
        }

        return target.ToArray();
    }

    private static IEnumerable<(string Name, DataCell Value)> MetaOf(ObservationsResponse response)
    {
        var (query, meta) = (response.Query, response.Meta);
        return
        [
            ("groupBy", new DataCell(string.Join(", ", query.GroupBy))), .. XlsxWorkbook.Filter("queueIds", query.QueueIds), .. XlsxWorkbook.Filter("mediaTypes", query.MediaTypes),
            ("asOf", new DataCell(MillisecondInstantConverter.Print(meta.AsOf))),
            ("ageMs", new DataCell(meta.AgeMs)),
            ("complete", new DataCell(meta.Complete)),
            ("stale", new DataCell(meta.Stale)),
            ("source", new DataCell(meta.Source)),
            ("repaired", new DataCell(meta.Repaired)),
            ("upstream", new DataCell(meta.Upstream)),
            .. response.Warnings.Select(warning => ($"warning.{warning.Code}", XlsxWorkbook.TextOf(warning.Message))),
        ];
    }
}
