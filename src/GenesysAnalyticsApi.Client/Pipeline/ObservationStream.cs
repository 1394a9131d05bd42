using System.Net;
using System.Runtime.CompilerServices;

namespace GenesysAnalyticsApi.Client.Pipeline;

/// <summary>Reads the events of a stream over as many connections as necessary. Each new connection resumes after the last event.</summary>
/// <param name="open">Opens a connection. The first argument is the position after which to resume; null to begin with a snapshot.</param>
internal sealed class ObservationStream(Func<string?, CancellationToken, Task<Stream?>> open, AnalyticsClientOptions options)
{
    public async IAsyncEnumerable<ObservationEvent> ReadAsync(string? lastEventId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (position, lostAt) = (lastEventId, (long?)null);
        ObservationEvent? last = null;
        // A failure of the first connection is not retried, because the query can be the cause.
        var reader = await OpenAsync(position, cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                if (await reader.NextAsync(last).ConfigureAwait(false) is { } next)
                {
                    (position, lostAt, last) = (next.Id ?? position, null, next);
                    yield return next;
                    continue;
                }

                lostAt ??= options.TimeProvider.GetTimestamp();
                await reader.DisposeAsync().ConfigureAwait(false);
                reader = await ReconnectAsync(position, reader.Pause, lostAt.Value, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await reader.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<ObservationEventReader> ReconnectAsync(string? position, TimeSpan pause, long lostAt, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(pause, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            var isLate = options.TimeProvider.GetElapsedTime(lostAt) > options.MaxReconnectTime;
            try
            {
                return isLate
                    ? throw new IOException($"The stream was lost and could not be resumed within {options.MaxReconnectTime} ({nameof(AnalyticsClientOptions.MaxReconnectTime)}).")
                    : await OpenAsync(position, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (!isLate && !cancellationToken.IsCancellationRequested && IsTemporary(failure))
            {
                pause = (failure as AnalyticsProblemException)?.RetryAfter is { } wait && wait > pause ? wait : pause;
            }
        }
    }

    private async Task<ObservationEventReader> OpenAsync(string? position, CancellationToken cancellationToken) =>
        new(await open(position, cancellationToken).ConfigureAwait(false) ?? Stream.Null, options.TimeProvider, cancellationToken);

    /// <summary>Whether another attempt can succeed: after a failure of the network, a timeout, a 429 or a 5xx.</summary>
    private static bool IsTemporary(Exception failure) => failure switch
    {
        AnalyticsProblemException problem => problem.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
        _ => failure is HttpRequestException or IOException or OperationCanceledException,
    };
}
