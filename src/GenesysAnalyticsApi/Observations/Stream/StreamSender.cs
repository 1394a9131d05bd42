using System.Globalization;
using System.Text;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Observations.Stream;

/// <summary>
/// Sends the events of a group to one subscriber. The sender chooses the next event only when the previous one has been sent, so a slow subscriber gets the
/// newest state and never a backlog. The frames belong to the group, so a subscriber needs memory only for the bytes that are being sent. The framework's
/// <c>TypedResults.ServerSentEvents</c> would copy each frame for each subscriber and keep a buffer of that size.
/// </summary>
internal sealed class StreamSender(IHostApplicationLifetime lifetime, TimeProvider clock)
{
    private static readonly TimeSpan MaxTimer = TimeSpan.FromDays(30);

    /// <summary>The size of one write, which limits the memory for a subscriber that reads slowly.</summary>
    private const int ChunkBytes = 16 * 1024;

    private static ReadOnlyMemory<byte> Retry { get; } = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: {StreamIntervals.Reconnect.TotalMilliseconds}\n"));

    public async Task SendAsync(StreamGroup group, StreamState first, StreamPosition? resume, Caller caller, HttpContext http)
    {
        Describe(http.Response);

        // A stream must not delay the shutdown of the service, and must not outlive the credentials.
        using var expired = new CancellationTokenSource(TimeLeft(caller), clock);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping, expired.Token);
        try
        {
            await SendAsync(group, first, resume, http.Response, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The subscriber has left, the service is stopping, or the credentials have expired. The stream can be resumed.
        }
    }

    private async Task SendAsync(StreamGroup group, StreamState first, StreamPosition? resume, HttpResponse response, CancellationToken ended)
    {
        await WriteAsync(response, Retry, ended);
        var lastSent = first;
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

            if (pulse.State is { } state && FrameOf(group.Frames, lastSent, state, clock.GetElapsedTime(sentAt)) is { } frame)
            {
                await WriteAsync(response, frame, ended);
                (lastSent, sentAt) = (state, clock.GetTimestamp());
                continue;
            }

            await pulse.Next.WaitAsync(ended);
        }
    }

    /// <returns>Null if there is nothing to send yet.</returns>
    private static ReadOnlyMemory<byte>? FrameOf(StreamFrames frames, StreamState lastSent, StreamState newest, TimeSpan silence)
    {
        if (lastSent.Rows.Version != newest.Rows.Version || !ReferenceEquals(lastSent.Labels, newest.Labels))
        {
            return frames.ChangesOf(newest, lastSent.Rows.Version) ?? frames.SnapshotOf(newest);
        }

        // The type is explicit, because a plain null would be converted to an empty frame, as a null array.
        return StreamIntervals.IsHeartbeatDue(silence, hasNewerState: !ReferenceEquals(lastSent, newest)) ? frames.HeartbeatOf(newest) : new ReadOnlyMemory<byte>?();
    }

    private static async Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> frame, CancellationToken ended)
    {
        for (; frame.Length > 0; frame = frame[Math.Min(ChunkBytes, frame.Length)..])
        {
            await response.BodyWriter.WriteAsync(frame[..Math.Min(ChunkBytes, frame.Length)], ended);
        }
    }

    /// <summary>Writes the headers.</summary>
    public static void Describe(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentEncoding = "identity";
        // Without this header, proxies such as nginx would buffer events.
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    private TimeSpan TimeLeft(Caller caller)
    {
        var remaining = caller.Expires - clock.GetUtcNow();
        return remaining < TimeSpan.Zero ? TimeSpan.Zero : remaining < MaxTimer ? remaining : MaxTimer;
    }
}
