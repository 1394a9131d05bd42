using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Observability;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>
/// Caches all queues in memory. After the first read, callers never wait: <see cref="QueueDirectoryRefresher"/> replaces the snapshot in the
/// background, and a failed read keeps the previous one.
/// </summary>
internal sealed partial class QueueDirectory(
    IGenesysGateway gateway, ISharedQueueDirectory shared, IOptions<GenesysOptions> options, TimeProvider clock, ILogger<QueueDirectory> logger) : IHealthCheck, IDisposable
{
    /// <summary>A listing that another replica read within this time is used instead of reading it again.</summary>
    internal static readonly TimeSpan MinRefreshAge = TimeSpan.FromMinutes(5);

    // Long enough for concurrent callers to share a failure, short enough for the next caller to retry.
    internal static readonly TimeSpan FailureLifetime = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposed = new();
    private volatile QueueDirectorySnapshot? _current;
    private Task<QueueDirectorySnapshot>? _read;
    private long _failedAt;
    private volatile IReadOnlyList<string> _invalidEntries = [];

    // A read that starts after shutdown is cancelled, not failed.
    private CancellationToken Stopping => _disposed.IsCancellationRequested ? new(canceled: true) : _disposed.Token;

    /// <summary>How long callers wait for the first read: one Genesys request with all its attempts, plus one attempt. A listing of many pages can take longer.</summary>
    internal TimeSpan FirstReadTimeout => options.Value.TotalTimeout + options.Value.AttemptTimeout;

    /// <summary>The last snapshot. Null until the listing has been read.</summary>
    public QueueDirectorySnapshot? Current => _current;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Readiness.ResultAsync(_current is null ? HealthStatus.Unhealthy : HealthStatus.Healthy);

    /// <summary>One sentence for each entry that was repaired or omitted when this process last read the listing.</summary>
    public IReadOnlyList<string> InvalidEntries => _invalidEntries;

    /// <summary>Returns <see cref="Current"/>, or the result of the first read, which all waiting callers share.</summary>
    /// <exception cref="GenesysException">The listing has never been read and cannot be read now.</exception>
    public ValueTask<QueueDirectorySnapshot> GetAsync(CancellationToken cancellationToken) =>
        _current is { } snapshot ? ValueTask.FromResult(snapshot) : new(GetFirstAsync(cancellationToken));

    /// <summary>Returns the queues that the caller may see.</summary>
    /// <exception cref="ProblemException">503: the listing has never been read, and what the caller may see depends on it.</exception>
    /// <exception cref="GenesysException">The listing has never been read and cannot be read now.</exception>
    public async ValueTask<QueueDirectorySnapshot> VisibleToAsync(QueueVisibility view, CancellationToken cancellationToken)
    {
        try
        {
            return view.In(await GetAsync(cancellationToken));
        }
        catch (GenesysException failed) when (view.NeedsDirectory)
        {
            throw new ProblemException(Problems.VisibilityUnknown(failed.Failure));
        }
    }

    /// <summary>Reads the listing again or joins the read in progress. The token cancels the wait, not the read, which other callers may share.</summary>
    public Task<QueueDirectorySnapshot> RefreshAsync(CancellationToken cancellationToken) => JoinAsync(isFirst: false, cancellationToken);

    public void Dispose()
    {
        _disposed.Cancel();
        _disposed.Dispose();
    }

    private Task<QueueDirectorySnapshot> JoinAsync(bool isFirst, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var mayJoin = _read is { IsCompleted: false }
                || (_read is { IsFaulted: true } && clock.GetElapsedTime(_failedAt) < FailureLifetime);
            if (!mayJoin)
            {
                // The first read may have completed since the caller checked.
                if (isFirst && _current is { } known)
                {
                    return Task.FromResult(known);
                }

                _read = Task.Run(ReadAsync, CancellationToken.None).ObserveFault();
            }

            return _read!.WaitAsync(cancellationToken);
        }
    }

    private async Task<QueueDirectorySnapshot> GetFirstAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(FirstReadTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await JoinAsync(isFirst: true, linked.Token);
        }
        catch (Exception none) when (_current is not null && (none is GenesysException || IsOver(none)))
        {
            // The shared listing of another replica was loaded, but it is too old to use without reading from Genesys.
            return _current;
        }
        catch (OperationCanceledException late) when (IsOver(late))
        {
            throw new GenesysException(new(GenesysFailureKind.Timeout, $"Genesys did not return its queues within {FirstReadTimeout.TotalSeconds:0.###} s; reading continues in the background."));
        }

        bool IsOver(Exception ended) => ended is OperationCanceledException && timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested;
    }

    private async Task<QueueDirectorySnapshot> ReadAsync()
    {
        try
        {
            if (await AdoptSharedAsync() is { } adopted)
            {
                return adopted;
            }

            // Replicas are due at the same time. The second one finds the listing that the first has read.
            await using var readLock = await shared.WaitForTurnAsync(Stopping);
            return await AdoptSharedAsync() ?? await ReadFromGenesysAsync();
        }
        catch
        {
            // Set before the task faults, so that the failure is never seen with an older time.
            lock (_gate)
            {
                _failedAt = clock.GetTimestamp();
            }

            throw;
        }
    }

    /// <returns>Null if no replica has read the listing recently. An older listing is still adopted until a new one is read.</returns>
    private async Task<QueueDirectorySnapshot?> AdoptSharedAsync()
    {
        if (await shared.LoadAsync(Stopping) is not { } listing || listing.ReadAt <= _current?.ReadAt)
        {
            return null;
        }

        var snapshot = QueueDirectorySnapshot.Shared(_current, listing);
        Log.Taken(logger, snapshot.Queues.Count, listing.ReadAt);
        _current = snapshot;
        return listing.ReadAt.ToDateTimeOffset() > clock.GetUtcNow() - MinRefreshAge ? snapshot : null;
    }

    private async Task<QueueDirectorySnapshot> ReadFromGenesysAsync()
    {
        var readAt = Instant.FromDateTimeOffset(clock.GetUtcNow());
        // Callers wait for the first read, but not for a refresh.
        var origin = RequestOrigin.Service with { IsBackground = _current is not null };
        var listing = await QueueListing.ReadAsync(gateway, origin, Stopping);
        var snapshot = QueueDirectorySnapshot.After(_current, listing, readAt);
        Log.Read(logger, listing.Queues.Count, listing.Pages);
        LogInvalidEntries(listing.InvalidEntries);
        _current = snapshot;
        if (listing.IsComplete)
        {
            await shared.SaveAsync(snapshot, Stopping);
        }
        else
        {
            Log.BrokeOff(logger, listing.Pages, listing.Queues.Count);
        }

        return snapshot;
    }

    /// <summary>Logs once per change, because the listing is read every few minutes.</summary>
    private void LogInvalidEntries(IReadOnlyList<string> invalid)
    {
        if (invalid is not [] && !invalid.SequenceEqual(_invalidEntries))
        {
            Log.InvalidEntries(logger, invalid.Count, InvalidEntryReport.Shown(invalid));
        }

        _invalidEntries = invalid;
    }

    private static partial class Log
    {
        [LoggerMessage(3000, LogLevel.Debug, "Read {Queues} queues on {Pages} pages")]
        public static partial void Read(ILogger logger, int queues, int pages);

        [LoggerMessage(3001, LogLevel.Warning, "The queue listing of Genesys ended early after page {Pages}: its {Queues} queues were updated, the others stay unchanged")]
        public static partial void BrokeOff(ILogger logger, int pages, int queues);

        [LoggerMessage(3002, LogLevel.Debug, "Loaded {Queues} queues that another replica read at {ReadAt}")]
        public static partial void Taken(ILogger logger, int queues, Instant readAt);

        [LoggerMessage(3003, LogLevel.Warning, "The queue listing of Genesys has {Count} invalid entries; the other queues are as listed. {Oddities}")]
        public static partial void InvalidEntries(ILogger logger, int count, string oddities);
    }
}

/// <summary>Gauges of the queue directory.</summary>
internal sealed class QueueDirectoryGauges
{
    public QueueDirectoryGauges(ServiceMeter meter, QueueDirectory directory, TimeProvider clock)
    {
        meter.Gauge("directory.queues", null, "Queues in the directory, including deleted ones.", () => directory.Current?.Queues.Count ?? 0);
        meter.Gauge(
            "directory.age", "s", "Age of the queue listing; absent until it has been read.",
            () => directory.Current is { } read ? [new((Instant.FromDateTimeOffset(clock.GetUtcNow()) - read.ReadAt).TotalSeconds)] : []);
    }
}
