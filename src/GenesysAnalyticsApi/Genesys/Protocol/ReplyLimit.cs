namespace GenesysAnalyticsApi.Genesys.Protocol;

/// <summary>The maximum size of a decompressed reply.</summary>
/// <param name="What">The subject of failure messages.</param>
/// <param name="Setting">The setting that raises the limit; null if the limit is fixed.</param>
internal sealed record ReplyLimit(long Bytes, string What, string? Setting = null)
{
    /// <summary>The maximum size of all headers of a reply, in KiB. The headers that Genesys sends take less than 2 KiB.</summary>
    public const int HeaderKiB = 32;

    /// <summary>The limit for a login. A token takes a few hundred bytes.</summary>
    public static ReplyLimit Token { get; } = new(64 * 1024, "The reply of the Genesys login");

    /// <summary>The limit for a page of the queue list. 500 queues with all their media settings take 2 to 4 MiB.</summary>
    public static ReplyLimit QueuePage { get; } = new(32 * 1024 * 1024, "A page of the queue list");

    /// <summary>The limit for a page of the user list. 500 users with addresses, images and other data that is not read take a few MiB.</summary>
    public static ReplyLimit UserPage { get; } = new(32 * 1024 * 1024, "A page of the user list");

    public static ReplyLimit WrapUpCodePage { get; } = new(8 * 1024 * 1024, "A page of the list of wrap-up codes");

    /// <summary>The limit for small replies, such as the limits in a namespace. Such replies take a few KiB.</summary>
    public static ReplyLimit Small { get; } = new(1024 * 1024, "The Genesys reply");

    /// <summary>The limit for figures, conversations and the current state of queues.</summary>
    /// <param name="maxBytes">The value of <c>Genesys:MaxAnswerBytes</c>.</param>
    public static ReplyLimit Analytics(long maxBytes) => new(maxBytes, "The Genesys reply", "Genesys:MaxAnswerBytes");
}

/// <summary>
/// Wraps a decompressed reply body and throws if the body exceeds the size limit, because a few MiB of compressed data can expand to gigabytes. The reader of
/// the stream can peek at the beginning of the body first.
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
        catch (InvalidOperationException exception)
        {
            // The Brotli decoder throws this where gzip throws InvalidDataException.
            throw new InvalidDataException("The compressed data is invalid.", exception);
        }

        _total += read;
        return _total <= limit.Bytes ? read : throw createFailure(limit);
    }
}
