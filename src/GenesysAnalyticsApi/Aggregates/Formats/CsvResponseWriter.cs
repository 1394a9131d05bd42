using CsvHelper;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Formats;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>Writes a response as CSV: a header line with the JSON names, then one record per line.</summary>
internal sealed class CsvResponseWriter : ISegmentedWriter
{
    private const int RecordBytes = 600;

    public ResponseFormat Format => ResponseFormat.Csv;

    public async Task<ResponseBody> WriteAsync(AggregatesResult result)
    {
        using var target = new MemoryStream(CsvTable.ChunkBytes + (int)Math.Min((long)result.Records.Count * RecordBytes, Array.MaxLength - CsvTable.ChunkBytes));
        await WriteAsync(target, result, CancellationToken.None);
        return ResponseBody.Of(target.ToArray(), Format, ..0);
    }

    public Task WriteAsync(Stream target, AggregatesResult result, CancellationToken disconnected) =>
        WriteAsync(target, new[] { result }.ToAsyncEnumerable(), disconnected);

    public async Task WriteAsync(Stream target, IAsyncEnumerable<AggregatesResult> segments, CancellationToken disconnected)
    {
        using var chunk = new MemoryStream(CsvTable.ChunkBytes * 2);
        await using var csv = CsvWriter.Create(chunk, CsvTable.Options, leaveOpen: true);
        var isFirst = true;
        await foreach (var segment in segments)
        {
            var columns = RecordColumns.Of(segment.Records);
            if (isFirst)
            {
                if (segment.HasByteOrderMark)
                {
                    await target.WriteAsync(CsvTable.ByteOrderMark, CancellationToken.None);
                }

                CsvTable.WriteHeader(csv, columns.All.Select(column => column.Name));
                isFirst = false;
            }

            for (var i = 0; i < segment.Records.Count; i++)
            {
                if (disconnected.IsCancellationRequested)
                {
                    return;
                }

                Write(csv, columns, segment.Records, i);
                if (chunk.Length >= CsvTable.ChunkBytes)
                {
                    await target.WriteAsync(chunk.GetBuffer().AsMemory(0, (int)chunk.Length), CancellationToken.None);
                    chunk.SetLength(0);
                }
            }
        }

        await csv.FlushAsync(CancellationToken.None);
        await target.WriteAsync(chunk.GetBuffer().AsMemory(0, (int)chunk.Length), CancellationToken.None);
    }

    private static void Write(CsvWriter csv, RecordColumns columns, RecordList records, int row)
    {
        CsvTable.WriteCells(csv, columns.Own, records[row]);
        CsvTable.WriteCells(csv, columns.Previous, records.PreviousOf(row));
        csv.EndRecord();
    }
}
