using System.Buffers;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>Writes a text format record by record: the whole body for the cache, or chunks for a stream.</summary>
internal abstract class SequentialResponseWriter : IStreamedWriter
{
    private const int HeadBytes = 4 * 1024;
    private const int ChunkBytes = 64 * 1024;

    public abstract ResponseFormat Format { get; }

    /// <summary>The estimated number of bytes of one record.</summary>
    protected abstract int RecordBytes { get; }

    public Task<ResponseBody> WriteAsync(AggregatesResult result)
    {
        var expected = HeadBytes + ((long)result.Records.Count * RecordBytes);
        var target = new ArrayBufferWriter<byte>((int)Math.Min(expected, Array.MaxLength));
        Write(target, result);
        return Task.FromResult(ResponseBody.Of(target.WrittenSpan.ToArray(), Format, FetchTime(target.WrittenSpan, result)));
    }

    public void Write(IBufferWriter<byte> target, AggregatesResult result)
    {
        using var text = Begin(result);
        text.WriteHead(target);
        for (var i = 0; i < result.Records.Count; i++)
        {
            text.WriteRecord(target, i);
        }

        text.WriteTail(target);
    }

    public Task WriteAsync(Stream target, AggregatesResult result, CancellationToken disconnected) =>
        WriteAsync(target, new[] { result }.ToAsyncEnumerable(), disconnected);

    public async Task WriteAsync(Stream target, IAsyncEnumerable<AggregatesResult> segments, CancellationToken disconnected)
    {
        var chunk = new ArrayBufferWriter<byte>(ChunkBytes + HeadBytes);
        ITextBody? text = null;
        try
        {
            await foreach (var segment in segments)
            {
                var isFirst = text is null;
                text?.Dispose();
                text = Begin(segment);
                if (isFirst)
                {
                    text.WriteHead(chunk);
                }

                for (var i = 0; i < segment.Records.Count; i++)
                {
                    if (disconnected.IsCancellationRequested)
                    {
                        return;
                    }

                    text.WriteRecord(chunk, i);
                    if (chunk.WrittenCount >= ChunkBytes)
                    {
                        await target.WriteAsync(chunk.WrittenMemory, CancellationToken.None);
                        chunk.ResetWrittenCount();
                    }
                }
            }

            text?.WriteTail(chunk);
            await target.WriteAsync(chunk.WrittenMemory, CancellationToken.None);
        }
        finally
        {
            text?.Dispose();
        }
    }

    protected abstract ITextBody Begin(AggregatesResult result);

    /// <summary>Returns the range of the fetch time in the body, which the digest omits; empty if the body has none.</summary>
    protected virtual Range FetchTime(ReadOnlySpan<byte> body, AggregatesResult result) => ..0;
}

/// <summary>The parts of a body in a text format.</summary>
internal interface ITextBody : IDisposable
{
    void WriteHead(IBufferWriter<byte> target);

    void WriteRecord(IBufferWriter<byte> target, int index);

    void WriteTail(IBufferWriter<byte> target);
}
