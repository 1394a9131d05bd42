using System.Collections.Immutable;
using System.Globalization;
using CsvHelper;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>
/// Writes a response as CSV (RFC 4180, UTF-8): a header line with the JSON names, then one record a line. Null is an empty cell. A text that a
/// spreadsheet would run as a formula gets an apostrophe before it.
/// </summary>
internal sealed class CsvResponseWriter : ISegmentedWriter
{
    private const int RecordBytes = 600;
    private const int ChunkBytes = 64 * 1024;

    internal static readonly CsvWriterOptions Options = new()
    {
        NewLine = "\r\n",
        FormatProvider = CultureInfo.InvariantCulture,
        TrueValue = "true",
        FalseValue = "false",
        BufferSize = ChunkBytes,
    };

    public ResponseFormat Format => ResponseFormat.Csv;

    public async Task<ResponseBody> WriteAsync(AggregatesResult result)
    {
        using var target = new MemoryStream(ChunkBytes + (int)Math.Min((long)result.Records.Count * RecordBytes, Array.MaxLength - ChunkBytes));
        await WriteAsync(target, result, CancellationToken.None);
        return ResponseBody.Of(target.ToArray(), Format, ..0);
    }

    public Task WriteAsync(Stream target, AggregatesResult result, CancellationToken disconnected) =>
        WriteAsync(target, new[] { result }.ToAsyncEnumerable(), disconnected);

    public async Task WriteAsync(Stream target, IAsyncEnumerable<AggregatesResult> segments, CancellationToken disconnected)
    {
        using var chunk = new MemoryStream(ChunkBytes * 2);
        await using var csv = CsvWriter.Create(chunk, Options, leaveOpen: true);
        var isFirst = true;
        await foreach (var segment in segments)
        {
            var columns = TableColumns.Of(segment.Records);
            if (isFirst)
            {
                await WriteHeadAsync(target, csv, columns, segment.HasByteOrderMark);
                isFirst = false;
            }

            for (var i = 0; i < segment.Records.Count; i++)
            {
                if (disconnected.IsCancellationRequested)
                {
                    return;
                }

                Write(csv, columns, segment.Records[i], segment.Records.PreviousOf(i));
                if (chunk.Length >= ChunkBytes)
                {
                    await target.WriteAsync(chunk.GetBuffer().AsMemory(0, (int)chunk.Length), CancellationToken.None);
                    chunk.SetLength(0);
                }
            }
        }

        await csv.FlushAsync(CancellationToken.None);
        await target.WriteAsync(chunk.GetBuffer().AsMemory(0, (int)chunk.Length), CancellationToken.None);
    }

    private static async Task WriteHeadAsync(Stream target, CsvWriter csv, ImmutableArray<TableColumn> columns, bool hasByteOrderMark)
    {
        if (hasByteOrderMark)
        {
            await target.WriteAsync("\uFEFF"u8.ToArray(), CancellationToken.None);
        }

        WriteHeader(csv, columns);
    }

    private static void WriteHeader(CsvWriter csv, ImmutableArray<TableColumn> columns)
    {
        foreach (var column in columns)
        {
            csv.WriteField(column.Name);
        }

        csv.EndRecord();
    }

    private static void Write(CsvWriter csv, ImmutableArray<TableColumn> columns, RecordRow record, RecordRow? previous)
    {
        foreach (var column in columns)
        {
            if (column.RowOf(record, previous) is not { } row)
            {
                csv.WriteField(default(string));
                continue;
            }

            switch (column)
            {
                case IntegerColumn whole:
                    csv.WriteField(whole.Of(row), default);
                    break;
                case DecimalColumn number:
                    csv.WriteField(number.Of(row), default);
                    break;
                case TextColumn text:
                    WriteText(csv, text.Of(row));
                    break;
                case TimeColumn time:
                    csv.WriteField(time.Of(row));
                    break;
                case FlagColumn flag:
                    csv.WriteField(flag.Of(row));
                    break;
            }
        }

        csv.EndRecord();
    }

    /// <summary>As the writer's own guard against formulas does it, which would examine every number too; that takes a seventh of the time.</summary>
    internal static void WriteText(CsvWriter csv, string? text)
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
