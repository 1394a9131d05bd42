namespace GenesysAnalyticsApi.Directories;

/// <summary>A listing that replicas share, so usually only one replica reads the listing from Genesys. The members do not throw if Redis fails.</summary>
internal interface ISharedDirectory<TEntry>
    where TEntry : class, IDirectoryEntry
{
    /// <summary>
    /// Returns the most recent listing that any replica has read, with the entries that are kept from earlier listings. Null if there is no such listing, or if
    /// Redis is unavailable or not configured.
    /// </summary>
    Task<SharedListing<TEntry>?> LoadAsync(CancellationToken cancellationToken);

    Task SaveAsync(SharedListing<TEntry> listing, CancellationToken cancellationToken);

    /// <summary>
    /// Waits for a limited time until no other replica is reading the listing. Dispose of the result after reading. Null if there is nothing to release.
    /// </summary>
    Task<IAsyncDisposable?> WaitForTurnAsync(CancellationToken cancellationToken);
}

/// <param name="ReadAt">When the listing was requested.</param>
internal sealed record SharedListing<TEntry>(Instant ReadAt, IReadOnlyList<TEntry> Entries);

/// <summary>Shares nothing. Used without Redis.</summary>
internal sealed class UnsharedDirectory<TEntry> : ISharedDirectory<TEntry>
    where TEntry : class, IDirectoryEntry
{
    public Task<SharedListing<TEntry>?> LoadAsync(CancellationToken cancellationToken) => Task.FromResult<SharedListing<TEntry>?>(null);

    public Task SaveAsync(SharedListing<TEntry> listing, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IAsyncDisposable?> WaitForTurnAsync(CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable?>(null);
}
