using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Observations.Stream;

/// <summary>
/// Sends the events of a group to one subscriber. The sender chooses the next event only when the previous one has been sent, so a slow subscriber gets the
/// newest state and never a backlog. The frames belong to the group, so a subscriber needs memory only for the bytes that are being sent. The framework's
/// <c>TypedResults.ServerSentEvents</c> would copy each frame for each subscriber and keep a buffer of that size.
/// </summary>
internal sealed class StreamSender(IHostApplicationLifetime lifetime, TimeProvider clock)
{
    internal static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    /// <summary>How often a newer state without changes is reported, because subscribers show the age of the state.</summary>
    private static readonly TimeSpan AgeInterval = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan MaxTimer = TimeSpan.FromDays(30);

    /// <summary>The size of one write, which limits the memory for a subscriber that reads slowly.</summary>
    private const int ChunkBytes = 16 * 1024;

    /// <summary>How long a browser waits before it reconnects.</summary>
    private static ReadOnlyMemory<byte> Retry { get; } = "retry: 2000\n"u8.ToArray();

    public async Task SendAsync(StreamGroup group, StreamState first, StreamPosition? resume, Caller caller, HttpContext http)
    {
        Describe(http.Response);
        if (http.Response.Body == System.IO.Stream.Null)
        {
            // A HEAD request has no body.
            return;
        }

        // A stream must not delay the shutdown of the service, and must not outlive the credentials.
        using var expired = new CancellationTokenSource(TimeLeft(caller), clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping, expired.Token);
        try
        {
            await SendAsync(group, first, resume, http.Response, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The subscriber has left, or its stream ends. It can resume.
        }
    }

    private async Task SendAsync(StreamGroup group, StreamState first, StreamPosition? resume, HttpResponse response, CancellationToken ended)
    {
        await WriteAsync(response, Retry, ended);
        var sent = first;
        var changes = resume is { } position && position.Epoch == first.Epoch ? group.Frames.ChangesOf(first, position.Version) : null;
        await WriteAsync(response, changes ?? group.Frames.SnapshotOf(first), ended);
        var sentAt = clock.GetTimestamp();
        while (true)
        {
            var pulse = group.Newest;
            if (pulse.HasEnded)
            {
                return;
            }

            if (pulse.State is { } state && FrameOf(group.Frames, sent, state, clock.GetElapsedTime(sentAt)) is { } frame)
            {
                await WriteAsync(response, frame, ended);
                (sent, sentAt) = (state, clock.GetTimestamp());
                continue;
            }

            await pulse.Next.WaitAsync(ended);
        }
    }

    /// <returns>Null if there is nothing to send yet.</returns>
    private static ReadOnlyMemory<byte>? FrameOf(StreamFrames frames, StreamState sent, StreamState newest, TimeSpan silence)
    {
        if (sent.Rows.Version != newest.Rows.Version || !ReferenceEquals(sent.Labels, newest.Labels))
        {
            return frames.ChangesOf(newest, sent.Rows.Version) ?? frames.SnapshotOf(newest);
        }

        // A pulse comes only every PulseInterval, so an event that would be due before the next pulse is sent now.
        var next = silence + StreamGroup.PulseInterval;

        // Not a plain null: as an array, it would be converted to an empty frame.
        return next > HeartbeatInterval || (next > AgeInterval && !ReferenceEquals(sent, newest)) ? frames.HeartbeatOf(newest) : new ReadOnlyMemory<byte>?();
    }

    private static async Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> frame, CancellationToken ended)
    {
        for (; frame.Length > 0; frame = frame[Math.Min(ChunkBytes, frame.Length)..])
        {
            await response.BodyWriter.WriteAsync(frame[..Math.Min(ChunkBytes, frame.Length)], ended);
        }
    }

    private static void Describe(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentEncoding = "identity";
        // Otherwise proxies such as nginx would buffer events.
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    private TimeSpan TimeLeft(Caller caller)
    {
        var left = caller.Expires - clock.GetUtcNow();
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < MaxTimer ? left : MaxTimer;
    }
}
