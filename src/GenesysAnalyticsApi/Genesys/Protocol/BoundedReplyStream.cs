namespace GenesysAnalyticsApi.Genesys.Protocol;

/// <summary>
/// Wraps a decompressed reply body and throws at the size limit, because a few KiB of gzip can expand to gigabytes. Its reader can peek
/// at the beginning first.
/// </summary>
internal sealed class BoundedReplyStream(Stream body, ReplyLimit limit, Func<ReplyLimit, Exception> createFailure) : Stream
{
    private byte[] _start = [];
    private int _startLength;
    private int _startRead;
    private long _total;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Returns the first <paramref name="length"/> bytes, or fewer if the body is shorter. Must not be called after the first read.</summary>
    public async Task<ReadOnlyMemory<byte>> PeekAsync(int length, CancellationToken cancellationToken)
    {
        Array.Resize(ref _start, Math.Max(length, _startLength));
        while (_startLength < length && await FromBodyAsync(_start.AsMemory(_startLength, length - _startLength), cancellationToken) is var read and > 0)
        {
            _startLength += read;
        }

        return _start.AsMemory(0, Math.Min(length, _startLength));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_startRead == _startLength)
        {
            return await FromBodyAsync(buffer, cancellationToken);
        }

        var length = Math.Min(buffer.Length, _startLength - _startRead);
        _start.AsSpan(_startRead, length).CopyTo(buffer.Span);
        _startRead += length;
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Replies can only be read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await body.DisposeAsync();
        await base.DisposeAsync();
    }

    private async ValueTask<int> FromBodyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int read;
        try
        {
            read = await body.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidOperationException broken)
        {
            // The Brotli decoder throws this where gzip throws InvalidDataException.
            throw new InvalidDataException("The compressed data is invalid.", broken);
        }

        _total += read;
        return _total <= limit.Bytes ? read : throw createFailure(limit);
    }
}
