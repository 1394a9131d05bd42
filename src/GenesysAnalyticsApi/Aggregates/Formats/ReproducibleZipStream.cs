using System.Buffers;

namespace GenesysAnalyticsApi.Aggregates.Formats;

/// <summary>
/// Passes a zip file on with a fixed time in its headers, so that equal workbooks have equal bytes: .NET writes the current time, and the workbook
/// library has no setting for it. Each header is one write of fixed length. Synchronous writes are kept until the next asynchronous one, because
/// the web server does not allow them.
/// </summary>
internal sealed class ReproducibleZipStream(Stream target) : Stream
{
    private const int LocalHeaderLength = 30;
    private const int CentralHeaderLength = 46;

    /// <summary>1980-01-01 00:00, the first time of the zip format.</summary>
    private static readonly byte[] Time = [0, 0, 0x21, 0];

    private readonly ArrayBufferWriter<byte> _kept = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        buffer.CopyTo(_kept.GetSpan(buffer.Length));
        if (TimeIn(buffer) is { } time)
        {
            Time.CopyTo(_kept.GetSpan(buffer.Length)[time..]);
        }

        _kept.Advance(buffer.Length);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        await FlushKeptAsync(cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
        // Kept for the next asynchronous write.
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await FlushKeptAsync(cancellationToken);
        await target.FlushAsync(cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask FlushKeptAsync(CancellationToken cancellationToken)
    {
        await target.WriteAsync(_kept.WrittenMemory, cancellationToken);
        _kept.ResetWrittenCount();
    }

    /// <summary>The offset of the time in a header; null if the bytes are no header.</summary>
    private static int? TimeIn(ReadOnlySpan<byte> bytes) =>
        bytes.Length == LocalHeaderLength && bytes.StartsWith("PK\x03\x04"u8) ? 10
        : bytes.Length == CentralHeaderLength && bytes.StartsWith("PK\x01\x02"u8) ? 12
        : null;
}
