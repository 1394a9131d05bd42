namespace GenesysAnalyticsApi.Directories;

/// <summary>A listing that replicas share, so that only one of them reads it from Genesys. Members throw no exception because of Redis.</summary>
internal interface ISharedDirectory<TEntry>
    where TEntry : class, IDirectoryEntry
{
    /// <summary>The most recent listing that any replica has read, with the entries of earlier listings. Null if there is none, or without Redis.</summary>
    Task<SharedListing<TEntry>?> LoadAsync(CancellationToken cancellationToken);

    Task SaveAsync(SharedListing<TEntry> listing, CancellationToken cancellationToken);

    /// <summary>Waits until no other replica reads the listing, but not indefinitely. Dispose the result after reading; null if there is nothing to release.</summary>
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
