using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Request;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>Writes responses in one format.</summary>
internal interface IResponseWriter
{
    ResponseFormat Format { get; }

    /// <summary>Returns the whole body, for the cache.</summary>
    Task<ResponseBody> WriteAsync(AggregatesResult result);
}

/// <summary>Writes responses that are too large to be buffered (<see cref="ResponseFormat.IsStreamed"/>).</summary>
internal interface IStreamedWriter : IResponseWriter
{
    /// <summary>
    /// Writes the body to the stream in chunks, so only one chunk is in memory at a time. If the caller disconnects, the writer leaves the body unfinished, so
    /// a truncated response never looks complete.
    /// </summary>
    Task WriteAsync(Stream target, AggregatesResult result, CancellationToken disconnected);
}

/// <summary>Writes responses whose records arrive in segments (<see cref="ResponseFormat.IsSegmented"/>).</summary>
internal interface ISegmentedWriter : IStreamedWriter
{
    /// <summary>
    /// Writes one body from all segments. Each segment is dropped after it has been written. The last segment has the metadata of all segments.
    /// </summary>
    Task WriteAsync(Stream target, IAsyncEnumerable<AggregatesResult> segments, CancellationToken disconnected);
}

/// <param name="Digest">Identifies the figures and their labels, without the fetch time.</param>
internal sealed record ResponseBody(byte[] Bytes, string Digest)
{
    /// <summary>Encodes text whose fetch time is not part of the digest.</summary>
    public static ResponseBody Of(ResponseFormat format, string before, string fetchTime, string after)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(before), .. Encoding.UTF8.GetBytes(fetchTime), .. Encoding.UTF8.GetBytes(after)];
        var start = Encoding.UTF8.GetByteCount(before);
        return Of(bytes, format, start..(start + Encoding.UTF8.GetByteCount(fetchTime)));
    }

    /// <param name="omitted">The range of bytes that the digest omits: the fetch time.</param>
    public static ResponseBody Of(byte[] bytes, ResponseFormat format, Range omitted) => new(bytes, DigestOf(format, bytes, omitted));

    public static string DigestOf(ResponseFormat format, ReadOnlySpan<byte> bytes, Range omitted)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes($"{format.Name}|"));
        hash.AppendData(bytes[..omitted.Start]);
        hash.AppendData(bytes[omitted.End..]);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>A response before it is written, with the slices from which it was computed.</summary>
internal sealed record AggregatesResult(
    ResolvedQuery Query, ResponseMeta Meta, RecordList Records, IReadOnlyList<SliceResult> Slices, Instant? DirectoryReadAt)
{
    /// <summary>A list of one record over all rows, with its own columns and, if compared, its previous record; null if not requested.</summary>
    public RecordList? TotalRecords { get; init; }

    /// <summary>Notes about the figures, for the warnings. The notes of a segment also cover the earlier segments, as <see cref="Meta"/> does.</summary>
    public FigureNotes? Notes { get; init; }

    /// <summary>Whether the response is about individual agents. Only callers with the <c>agents</c> scope may get such a response.</summary>
    public bool IsAboutAgents { get; init; }

    /// <summary>The fetch time of the oldest data that can still change; null if all data is final.</summary>
    public Instant? OpenSince { get; init; }

    /// <summary>Whether included hours can begin before a slice is due: the interval ends now, and the query includes only some hours or weekdays.</summary>
    public bool CanGainIncludedTime { get; init; }

    /// <summary>Whether the response lacks a metric that Genesys rejects now but might accept at any time.</summary>
    public bool LacksMetric { get; init; }

    /// <summary>The current time of the query: buckets that end later are still open.</summary>
    public required Instant Now { get; init; }

    /// <summary>The instant that <see cref="ResponseMeta.AsOf"/> prints.</summary>
    public required Instant? AsOf { get; init; }

    /// <summary>Whether a CSV body starts with a byte order mark, which Excel needs to read UTF-8.</summary>
    public bool HasByteOrderMark { get; init; }
}

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
