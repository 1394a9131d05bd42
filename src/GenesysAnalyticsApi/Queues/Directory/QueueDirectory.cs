using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Observability;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>
/// The names of all queues, in memory. Once it has been read nobody waits for it again: <see cref="QueueDirectoryRefresher"/>
/// replaces the snapshot in the background, and a read that fails leaves the last one in force.
/// </summary>
internal sealed partial class QueueDirectory(
    IGenesysGateway gateway, ISharedQueueDirectory shared, IOptions<GenesysOptions> options, TimeProvider clock, ILogger<QueueDirectory> logger) : IHealthCheck, IDisposable
{
    /// <summary>A listing that another replica read within this time is as good as one of our own.</summary>
    internal static readonly TimeSpan MinRefreshAge = TimeSpan.FromMinutes(5);

    // Long enough that callers who arrive together fail together, short enough that the next one finds out for himself.
    internal static readonly TimeSpan FailureLifetime = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposed = new();
    private volatile QueueDirectorySnapshot? _current;
    private Task<QueueDirectorySnapshot>? _flight;
    private long _failedAt;
    private volatile IReadOnlyList<string> _oddities = [];

    // A read that only begins when the service has stopped is cancelled, not broken.
    private CancellationToken Stopping => _disposed.IsCancellationRequested ? new(canceled: true) : _disposed.Token;

    /// <summary>
    /// How long anybody waits for the first read: one call with all its attempts, and some more. Many pages, each with the deadline of
    /// a call, can take longer.
    /// </summary>
    internal TimeSpan FirstReadTimeout => options.Value.TotalTimeout + options.Value.AttemptTimeout;

    /// <summary>The last snapshot; null while the listing has never been read.</summary>
    public QueueDirectorySnapshot? Current => _current;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Readiness.ResultAsync(_current is null ? HealthStatus.Unhealthy : HealthStatus.Healthy);

    /// <summary>Entries of the listing that this process had to repair or leave out when it last read one, in a sentence each.</summary>
    public IReadOnlyList<string> Oddities => _oddities;

    /// <summary><see cref="Current"/>, or the outcome of the first read, which all who wait for it share.</summary>
    /// <exception cref="GenesysException">It has never been read and cannot be read now.</exception>
    public ValueTask<QueueDirectorySnapshot> GetAsync(CancellationToken cancellationToken) =>
        _current is { } snapshot ? ValueTask.FromResult(snapshot) : new(GetFirstAsync(cancellationToken));

    /// <summary>The directory as a caller may see it.</summary>
    /// <exception cref="ProblemException">503: it has never been read, and what the caller may see depends on it.</exception>
    /// <exception cref="GenesysException">It has never been read and cannot be read now.</exception>
    public async ValueTask<QueueDirectorySnapshot> VisibleToAsync(QueueVisibility view, CancellationToken cancellationToken)
    {
        try
        {
            return view.In(await GetAsync(cancellationToken));
        }
        catch (GenesysException failed) when (view.NeedsDirectory)
        {
            throw new ProblemException(Problems.ViewUnknown(failed.Failure));
        }
    }

    /// <summary>Reads the listing anew, or joins the read under way. The token ends the waiting, not the read: others may wait for it.</summary>
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
            var mayJoin = _flight is { IsCompleted: false }
                || (_flight is { IsFaulted: true } && clock.GetElapsedTime(_failedAt) < FailureLifetime);
            if (!mayJoin)
            {
                // The first read may have ended since whoever waits for it looked.
                if (isFirst && _current is { } known)
                {
                    return Task.FromResult(known);
                }

                _flight = Task.Run(ReadAsync, CancellationToken.None).ObserveFault();
            }

            return _flight!.WaitAsync(cancellationToken);
        }
    }

    private async Task<QueueDirectorySnapshot> GetFirstAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(FirstReadTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await JoinAsync(isFirst: true, either.Token);
        }
        catch (Exception none) when (_current is not null && (none is GenesysException || IsOver(none)))
        {
            // Another replica's listing was there, only too old to do without asking Genesys.
            return _current;
        }
        catch (OperationCanceledException late) when (IsOver(late))
        {
            throw new GenesysException(new(GenesysFailureKind.Timeout, $"Genesys did not give its queues within {FirstReadTimeout.TotalSeconds:0.###} s; they are read on."));
        }

        bool IsOver(Exception ended) => ended is OperationCanceledException && patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested;
    }

    private async Task<QueueDirectorySnapshot> ReadAsync()
    {
        try
        {
            if (await AdoptSharedAsync() is { } taken)
            {
                return taken;
            }

            // Replicas are due at the same time: who comes second finds what the first has read.
            await using var turn = await shared.WaitForTurnAsync(Stopping);
            return await AdoptSharedAsync() ?? await ReadFromGenesysAsync();
        }
        catch
        {
            // Before the task is seen to have failed, so that nobody sees the failure with an older time.
            lock (_gate)
            {
                _failedAt = clock.GetTimestamp();
            }

            throw;
        }
    }

    /// <returns>Null when no replica has read it lately. An older listing than that still makes a better start than none.</returns>
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
        // Nobody waits for a refresh, but everybody for the first read.
        var asker = RequestOrigin.Service with { IsBackground = _current is not null };
        var listing = await PagedQueueReader.ReadAsync(gateway, asker, Stopping);
        var snapshot = QueueDirectorySnapshot.After(_current, listing, readAt);
        Log.Read(logger, listing.Queues.Count, listing.Pages);
        Tell(listing.Oddities);
        _current = snapshot;
        if (listing.IsComplete)
        {
            await shared.SaveAsync(snapshot.ToShared(), Stopping);
        }
        else
        {
            Log.BrokeOff(logger, listing.Pages, listing.Queues.Count);
        }

        return snapshot;
    }

    /// <summary>Once for each change: the listing is read every few minutes.</summary>
    private void Tell(IReadOnlyList<string> oddities)
    {
        if (oddities is not [] && !oddities.SequenceEqual(_oddities))
        {
            Log.Odd(logger, oddities.Count, InvalidEntryReport.Shown(oddities));
        }

        _oddities = oddities;
    }

    private static partial class Log
    {
        [LoggerMessage(3000, LogLevel.Debug, "Read {Queues} queues on {Pages} pages")]
        public static partial void Read(ILogger logger, int queues, int pages);

        [LoggerMessage(3001, LogLevel.Warning, "The queue listing of Genesys broke off after page {Pages}: its {Queues} queues were taken over, the others were left as they were")]
        public static partial void BrokeOff(ILogger logger, int pages, int queues);

        [LoggerMessage(3002, LogLevel.Debug, "Took {Queues} queues that another replica had read at {ReadAt}")]
        public static partial void Taken(ILogger logger, int queues, Instant readAt);

        [LoggerMessage(3003, LogLevel.Warning, "The queue listing of Genesys has {Count} oddities; the other queues are as listed. {Oddities}")]
        public static partial void Odd(ILogger logger, int count, string oddities);
    }
}

/// <summary>How the queue directory is at the moment somebody looks.</summary>
internal sealed class QueueDirectoryGauges
{
    public QueueDirectoryGauges(ServiceMeter meter, QueueDirectory directory, TimeProvider clock)
    {
        meter.Gauge("directory.queues", null, "Queues that the directory knows, deleted ones included.", () => directory.Current?.Queues.Count ?? 0);
        meter.Gauge(
            "directory.age", "s", "How long ago the queue listing was read; nothing while it never was.",
            () => directory.Current is { } read ? [new((Instant.FromDateTimeOffset(clock.GetUtcNow()) - read.ReadAt).TotalSeconds)] : []);
    }
}
