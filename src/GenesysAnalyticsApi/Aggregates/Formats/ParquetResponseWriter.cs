using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Formats;
using Parquet;
using Parquet.Schema;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>Writes a response as Parquet. A row group has at most 100,000 rows, all from one segment.</summary>
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
            DataField[] fields = [];
            await foreach (var segment in segments)
            {
                var columns = RecordColumns.Of(segment.Records);
                if (writer is null)
                {
                    var schema = ParquetTable.SchemaOf(columns.All);
                    fields = schema.DataFields;
                    writer = await ParquetWriter.CreateAsync(schema, output, cancellationToken: CancellationToken.None);
                }

                for (var first = 0; first == 0 || first < segment.Records.Count; first += RowsPerGroup)
                {
                    using var group = writer.CreateRowGroup();
                    var (start, count) = (first, Math.Min(RowsPerGroup, segment.Records.Count - first));
                    Func<int, ResponseRecord?> own = i => segment.Records[start + i];
                    Func<int, ResponseRecord?> previous = i => segment.Records.PreviousOf(start + i);
                    foreach (var (index, (column, field)) in columns.All.Zip(fields).Index())
                    {
                        disconnected.ThrowIfCancellationRequested();
                        await ParquetTable.WriteAsync(group, column, field, count, index < columns.Own.Length ? own : previous);
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
}
