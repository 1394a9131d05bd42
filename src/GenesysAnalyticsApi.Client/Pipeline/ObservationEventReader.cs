using System.Net.ServerSentEvents;

namespace GenesysAnalyticsApi.Client.Pipeline;

/// <summary>Reads the events of a stream from one connection, until the connection ends or is lost.</summary>
internal sealed class ObservationEventReader : IAsyncDisposable
{
    // The service sends an event at least every 15 s. If none arrives for 20 s, the connection is dead.
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(20);

    // Used until the service has sent a time to wait.
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(2);

    private readonly Stream _body;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenSource _silence;
    private readonly CancellationTokenSource _end;
    private readonly SseParser<byte[]> _parser;
    private readonly IAsyncEnumerator<SseItem<byte[]>> _events;

    public ObservationEventReader(Stream body, TimeProvider clock, CancellationToken cancellationToken)
    {
        (_body, _cancellationToken) = (body, cancellationToken);
        _silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _end = CancellationTokenSource.CreateLinkedTokenSource(_silence.Token, cancellationToken);
        _parser = SseParser.Create(body, (_, data) => data.ToArray());
        _events = _parser.EnumerateAsync(_end.Token).GetAsyncEnumerator(_end.Token);
    }

    /// <summary>How long to wait before reconnecting.</summary>
    public TimeSpan Pause => _parser.ReconnectionInterval is { } requested && requested >= TimeSpan.Zero ? requested : DefaultPause;

    /// <param name="previous">The previous event, which can be from an earlier connection; null before the first event.</param>
    /// <returns>The next event; null if the connection has ended or is lost.</returns>
    public async Task<ObservationEvent?> NextAsync(ObservationEvent? previous)
    {
        try
        {
            ObservationEvent? next = null;
            while (next is null)
            {
                _silence.CancelAfter(MaxSilence);
                if (!await _events.MoveNextAsync().ConfigureAwait(false))
                {
                    return null;
                }

                next = ObservationEvent.Read(_events.Current.EventType, _parser.LastEventId, _events.Current.Data, previous?.Meta.Warnings ?? []);
            }

            // The application can take any amount of time to process the event.
            _silence.CancelAfter(Timeout.InfiniteTimeSpan);
            return next;
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or OperationCanceledException)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync().ConfigureAwait(false);
        await _body.DisposeAsync().ConfigureAwait(false);
        _end.Dispose();
        _silence.Dispose();
    }
}
