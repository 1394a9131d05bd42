using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Observability;

namespace GenesysAnalyticsApi.Directories;

/// <summary>
/// Caches all entries of a Genesys list in memory. After the first read, callers of <see cref="GetAsync"/> never wait: the snapshot is replaced in the
/// background, and after a failed read, the previous snapshot is kept.
/// </summary>
/// <typeparam name="TEntity">The entities that Genesys lists.</typeparam>
/// <typeparam name="TEntry">The entries of the directory.</typeparam>
/// <typeparam name="TSnapshot">All entries known at one moment.</typeparam>
/// <param name="entryNoun">The singular noun for an entry in messages, such as 'user'.</param>
internal abstract class ListedDirectory<TEntity, TEntry, TSnapshot>(
    string entryNoun, ISharedDirectory<TEntry> shared, IOptions<GenesysOptions> options, TimeProvider clock) : IDisposable
    where TEntity : class, IGenesysEntity
    where TEntry : class, IDirectoryEntry<TEntry>
    where TSnapshot : DirectorySnapshot<TEntry>
{
    /// <summary>The age at which a listing is read again from Genesys, unless another replica has shared a younger listing.</summary>
    internal static readonly TimeSpan RefreshAfter = TimeSpan.FromMinutes(5);

    // Long enough for concurrent callers to share a failure, short enough for the next caller to retry.
    internal static readonly TimeSpan FailureLifetime = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposed = new();
    private volatile TSnapshot? _current;
    private Task<TSnapshot>? _read;
    private long _failedAt;
    private volatile IReadOnlyList<string> _invalidEntries = [];

    // A disposed token source throws when its token is requested. A read that starts after shutdown must be canceled instead of failing.
    private CancellationToken Stopping => _disposed.IsCancellationRequested ? new(canceled: true) : _disposed.Token;

    /// <summary>The singular noun for an entry in messages, such as 'user'.</summary>
    protected string EntryNoun { get; } = entryNoun;

    protected TimeProvider Clock { get; } = clock;

    /// <summary>
    /// How long callers wait for the first read: the time of one Genesys request with all its attempts, plus one attempt. Reading many pages can take longer.
    /// </summary>
    internal TimeSpan FirstReadTimeout => options.Value.TotalTimeout + options.Value.AttemptTimeout;

    /// <summary>The last snapshot. Null until the listing has been read.</summary>
    public TSnapshot? Current => _current;

    /// <summary>One sentence for each entry that was repaired or omitted when this process last read the listing.</summary>
    public IReadOnlyList<string> InvalidEntries => _invalidEntries;

    /// <summary>Returns <see cref="Current"/>, or the result of the first read, which all waiting callers share.</summary>
    /// <exception cref="GenesysException">The listing has never been read and cannot be read now.</exception>
    public virtual ValueTask<TSnapshot> GetAsync(CancellationToken cancellationToken) =>
        _current is { } snapshot ? ValueTask.FromResult(snapshot) : new(GetFirstAsync(cancellationToken));

    /// <summary>
    /// Reads the listing again, joins the read in progress, or throws the failure of a recent read. The token cancels the wait, not the read, which other
    /// callers may share.
    /// </summary>
    public Task<TSnapshot> RefreshAsync(CancellationToken cancellationToken) => JoinAsync(isFirst: false, cancellationToken);

    public void Dispose()
    {
        _disposed.Cancel();
        _disposed.Dispose();
    }

    protected abstract Task<ListPage<TEntity>> ReadPageAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken);

    protected abstract TEntry EntryOf(TEntity entity, Instant readAt);

    protected abstract TSnapshot SnapshotOf(Instant readAt, IEnumerable<TEntry> entries);

    /// <summary>How long callers share a failure.</summary>
    protected virtual TimeSpan LifetimeOf(Exception? failure) => FailureLifetime;

    /// <summary>Whether an entry that Genesys no longer lists stays in the directory.</summary>
    protected virtual bool Keeps(TEntry unlisted, Instant readAt) => true;

    protected abstract void LogRead(int entries, int pages);

    protected abstract void LogIncomplete(int pages, int entries);

    protected abstract void LogAdopted(int entries, Instant readAt);

    protected abstract void LogInvalidEntries(int count, string shown);

    private Task<TSnapshot> JoinAsync(bool isFirst, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var mayJoin = _read is { IsCompleted: false }
                || (_read is { IsFaulted: true } && Clock.GetElapsedTime(_failedAt) < LifetimeOf(_read.Exception.InnerException));
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

    private async Task<TSnapshot> GetFirstAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(FirstReadTimeout, Clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await JoinAsync(isFirst: true, linked.Token);
        }
        catch (Exception failure) when (_current is not null && (failure is GenesysException || IsTimeout(failure)))
        {
            // In the meantime, the listing of another replica was adopted. That listing is old, but better than a failure.
            return _current;
        }
        catch (OperationCanceledException timedOut) when (IsTimeout(timedOut))
        {
            throw new GenesysException(new(GenesysFailureKind.Timeout, $"Genesys did not return its {EntryNoun}s within {FirstReadTimeout.TotalSeconds:0.###} s; reading continues in the background."));
        }

        bool IsTimeout(Exception failure) =>
            failure is OperationCanceledException && timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested;
    }

    private async Task<TSnapshot> ReadAsync()
    {
        try
        {
            if (await AdoptSharedAsync() is { } adopted)
            {
                return adopted;
            }

            // The listings of all replicas are due at the same time. The second replica finds the listing that the first one has read.
            await using var readLock = await shared.WaitForTurnAsync(Stopping);
            return await AdoptSharedAsync() ?? await ReadFromGenesysAsync();
        }
        catch
        {
            // The time is set before the task faults, so no caller sees the failure with the time of an older failure.
            lock (_gate)
            {
                _failedAt = Clock.GetTimestamp();
            }

            throw;
        }
    }

    /// <summary>Adopts the listing that another replica has shared, if it is newer than the current snapshot.</summary>
    /// <returns>
    /// Null if there is no newer listing, or if it is already due to be read again. An adopted listing that is due stays current until a new one has been read.
    /// </returns>
    private async Task<TSnapshot?> AdoptSharedAsync()
    {
        if (await shared.LoadAsync(Stopping) is not { } listing || listing.ReadAt <= _current?.ReadAt)
        {
            return null;
        }

        // Only complete listings are shared.
        var snapshot = SnapshotAfter(listing.ReadAt, listing.Entries, isComplete: true);
        LogAdopted(snapshot.Entries.Count, listing.ReadAt);
        _current = snapshot;
        return listing.ReadAt.ToDateTimeOffset() > Clock.GetUtcNow() - RefreshAfter ? snapshot : null;
    }

    private async Task<TSnapshot> ReadFromGenesysAsync()
    {
        var readAt = Instant.FromDateTimeOffset(Clock.GetUtcNow());
        // Callers wait for the first read, but not for a refresh.
        var origin = RequestOrigin.Service with { IsBackground = _current is not null };
        var listing = await EntityListing.ReadAsync(EntryNoun, number => ReadPageAsync(number, origin, Stopping));
        var snapshot = SnapshotAfter(readAt, [.. listing.Entities.Select(entity => EntryOf(entity, readAt))], listing.IsComplete);
        LogRead(listing.Entities.Count, listing.Pages);
        LogInvalidEntries(listing.InvalidEntries);
        _current = snapshot;
        if (listing.IsComplete)
        {
            await shared.SaveAsync(new(snapshot.ReadAt, snapshot.Entries), Stopping);
        }
        else
        {
            LogIncomplete(listing.Pages, listing.Entities.Count);
        }

        return snapshot;
    }

    /// <summary>
    /// Returns the snapshot that results from a listing. Known entries that are not in the listing keep their last known details or are removed.
    /// </summary>
    private TSnapshot SnapshotAfter(Instant readAt, IReadOnlyList<TEntry> entries, bool isComplete)
    {
        var listed = SnapshotOf(readAt, entries);
        // An incomplete listing does not prove that the missing entries were deleted, so these entries stay unchanged.
        var others = (_current?.Entries ?? []).Where(entry => listed.Find(entry.Id) is null).Select(entry => isComplete ? entry.AsUnlisted() : entry);
        return SnapshotOf(readAt, entries.Concat(others).Where(entry => entry.Listed || Keeps(entry, readAt)));
    }

    /// <summary>Logs invalid entries only if they differ from those of the previous read, because the listing is read every few minutes.</summary>
    private void LogInvalidEntries(IReadOnlyList<string> invalid)
    {
        if (invalid is not [] && !invalid.SequenceEqual(_invalidEntries))
        {
            LogInvalidEntries(invalid.Count, InvalidEntryReport.Shown(invalid));
        }

        _invalidEntries = invalid;
    }
}
