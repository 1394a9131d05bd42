using GenesysAnalyticsApi.Genesys;
using NodaTime;

namespace GenesysAnalyticsApi.Queues;

/// <summary>
/// The names of all queues, in memory. Once it has been read nobody waits for it again: <see cref="QueueDirectoryRefresh"/>
/// replaces the snapshot in the background, and a read that fails leaves the last one in force.
/// </summary>
internal sealed partial class QueueDirectory(IGenesysGateway gateway, TimeProvider clock, ILogger<QueueDirectory> logger) : IDisposable
{
    // Long enough that callers who arrive together fail together, short enough that the next one finds out for himself.
    internal static readonly TimeSpan FailureIsRemembered = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposed = new();
    private volatile QueueDirectorySnapshot? _current;
    private Task<QueueDirectorySnapshot>? _flight;
    private DateTimeOffset _failedAt;

    /// <summary>The last snapshot; null while the listing has never been read.</summary>
    public QueueDirectorySnapshot? Current => _current;

    /// <summary><see cref="Current"/>, or the outcome of the first read, which all who wait for it share.</summary>
    /// <exception cref="GenesysException">It has never been read and cannot be read now.</exception>
    public ValueTask<QueueDirectorySnapshot> GetAsync(CancellationToken cancellationToken) =>
        _current is { } snapshot ? ValueTask.FromResult(snapshot) : new(RefreshAsync(cancellationToken));

    /// <summary>Reads the listing anew, or joins the read under way. The token ends the waiting, not the read: others may wait for it.</summary>
    public Task<QueueDirectorySnapshot> RefreshAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var mayJoin = _flight is { IsCompleted: false }
                || (_flight is { IsFaulted: true } && clock.GetUtcNow() < _failedAt + FailureIsRemembered);
            if (!mayJoin)
            {
                _flight = Task.Run(ReadAsync, CancellationToken.None);
            }

            return _flight!.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        _disposed.Cancel();
        _disposed.Dispose();
    }

    private async Task<QueueDirectorySnapshot> ReadAsync()
    {
        try
        {
            var readAt = Instant.FromDateTimeOffset(clock.GetUtcNow());
            // Nobody waits for a refresh, but everybody for the first read.
            var asker = GenesysAsker.Service with { IsBackground = _current is not null };
            var listing = await QueueListing.ReadAsync(gateway, asker, _disposed.Token);
            if (!listing.IsComplete)
            {
                Log.BrokeOff(logger, listing.Pages, listing.Queues.Count);
            }

            var snapshot = QueueDirectorySnapshot.After(_current, listing, readAt);
            Log.Read(logger, listing.Queues.Count, listing.Pages);
            return _current = snapshot;
        }
        catch
        {
            // Before the task is seen to have failed, so that nobody sees the failure with an older time.
            lock (_gate)
            {
                _failedAt = clock.GetUtcNow();
            }

            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3000, LogLevel.Debug, "Read {Queues} queues on {Pages} pages")]
        public static partial void Read(ILogger logger, int queues, int pages);

        [LoggerMessage(3001, LogLevel.Warning, "The queue listing of Genesys broke off after page {Pages}: its {Queues} queues were taken over, the others were left as they were")]
        public static partial void BrokeOff(ILogger logger, int pages, int queues);
    }
}
