namespace GenesysAnalyticsApi.Directories;

/// <summary>A listing that replicas share, so that only one of them reads it from Genesys. Members do not throw if Redis fails.</summary>
internal interface ISharedDirectory<TEntry>
    where TEntry : class, IDirectoryEntry
{
    /// <summary>The most recent listing that any replica has read, with the entries of earlier listings. Null if there is none, or without Redis.</summary>
    Task<SharedListing<TEntry>?> LoadAsync(CancellationToken cancellationToken);

    Task SaveAsync(SharedListing<TEntry> listing, CancellationToken cancellationToken);

    /// <summary>
    /// Waits for a limited time until no other replica is reading the listing. Dispose the result after reading; null if there is nothing to release.
    /// </summary>
    Task<IAsyncDisposable?> WaitForTurnAsync(CancellationToken cancellationToken);
}

/// <param name="ReadAt">When the listing was requested.</param>
internal sealed record SharedListing<TEntry>(Instant ReadAt, IReadOnlyList<TEntry> Entries);

/// <summary>Shares nothing: for a single replica without Redis.</summary>
internal sealed class UnsharedDirectory<TEntry> : ISharedDirectory<TEntry>
    where TEntry : class, IDirectoryEntry
{
    public Task<SharedListing<TEntry>?> LoadAsync(CancellationToken cancellationToken) => Task.FromResult<SharedListing<TEntry>?>(null);

    public Task SaveAsync(SharedListing<TEntry> listing, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IAsyncDisposable?> WaitForTurnAsync(CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable?>(null);
}
