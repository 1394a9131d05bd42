using System.Net.Http.Headers;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.RateLimiting;

namespace GenesysAnalyticsApi.Genesys.Pipeline;

/// <summary>The innermost handler: sends the request, passes the rate limit headers to the rate limiter, and reads the reply or creates its failure.</summary>
internal sealed class ReplyHandler(
    GenesysRateLimiter rateLimiter, GenesysClock genesysClock, GenesysTelemetry metrics, IOptions<GenesysOptions> options, TimeProvider clock) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = GenesysCallContext.Of(request);
        call.MarkSent();
        using var instrumentation = new AttemptInstrumentation(metrics, clock, call.Endpoint, request, call.Attempts, options.Value.AttemptTimeout);
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, cancellationToken);
            genesysClock.Observe(response.Headers.Date, call.SentAt, clock.GetUtcNow());
            instrumentation.RecordReply(response);
            rateLimiter.Observe(GenesysRateHeaders.Of(response), request.Headers.Authorization!.Parameter!);
            if (!response.IsSuccessStatusCode)
            {
                var body = await GenesysErrorBody.ReadAsync(response, request.Headers.Authorization, options.Value.ClientSecret, cancellationToken);
                throw GenesysFailureFactory.FromReply(response, body, call.Permission, clock);
            }

            call.Status = response.StatusCode;
            await ReadAsync(call, response, request.Headers.Authorization, cancellationToken);
            return response;
        }
        catch (Exception failed)
        {
            instrumentation.RecordFailure(failed);
            response?.Dispose();
            throw;
        }
    }

    private async Task ReadAsync(
        GenesysCallContext call, HttpResponseMessage response, AuthenticationHeaderValue? sent, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = new BoundedReplyStream(await response.Content.ReadAsStreamAsync(cancellationToken), call.Limit, GenesysFailureFactory.TooLong);
            if (await HtmlDetector.IsHtmlAsync(response.Content, body, cancellationToken))
            {
                var page = await GenesysErrorBody.ReadPageAsync(body, response, sent, options.Value.ClientSecret, cancellationToken);
                throw GenesysFailureFactory.FromReply(response, page, call.Permission, clock);
            }

            await call.ReadAsync(body, cancellationToken);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or InvalidDataException)
        {
            // The connection broke within the body, or the compressed data is invalid.
            throw GenesysFailureFactory.Unreadable("it is incomplete", cause: broken);
        }
    }
}

/// <summary>The maximum size of a decompressed reply.</summary>
/// <param name="What">The subject of failure messages.</param>
/// <param name="Setting">The setting that raises the limit; null if the limit is fixed.</param>
internal sealed record ReplyLimit(long Bytes, string What, string? Setting = null)
{
    /// <summary>A token takes a few hundred bytes.</summary>
    public static ReplyLimit Token { get; } = new(64 * 1024, "The reply of the Genesys login");

    /// <summary>500 queues with all their media settings take 2 to 4 MiB.</summary>
    public static ReplyLimit QueuePage { get; } = new(32 * 1024 * 1024, "A page of the queue list");

    /// <summary>500 users with addresses, images and other data that is not read take a few MiB.</summary>
    public static ReplyLimit UserPage { get; } = new(32 * 1024 * 1024, "A page of the user list");

    public static ReplyLimit WrapUpCodePage { get; } = new(8 * 1024 * 1024, "A page of the list of wrap-up codes");

    /// <summary>Other replies, such as the list of limits, take a few KiB.</summary>
    public static ReplyLimit Small { get; } = new(1024 * 1024, "The Genesys reply");

    /// <summary>Figures and conversations.</summary>
    public static ReplyLimit Analytics(GenesysOptions options) =>
        new(options.MaxAnswerBytes, "The Genesys reply", $"{GenesysOptions.Section}:{nameof(GenesysOptions.MaxAnswerBytes)}");
}

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
