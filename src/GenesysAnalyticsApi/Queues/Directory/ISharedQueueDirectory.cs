namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>The queue listing shared by replicas, so that only one of them reads it from Genesys. Redis failures never throw here.</summary>
internal interface ISharedQueueDirectory
{
    /// <summary>The most recent listing that any replica has read, with the queues of earlier ones. Null if there is none, or no Redis.</summary>
    Task<QueueDirectorySnapshot?> LoadAsync(CancellationToken cancellationToken);

    Task SaveAsync(QueueDirectorySnapshot listing, CancellationToken cancellationToken);

    /// <summary>Waits until no other replica reads the listing, but not indefinitely. Dispose the result after reading; null if there is nothing to release.</summary>
    Task<IAsyncDisposable?> WaitForTurnAsync(CancellationToken cancellationToken);
}

/// <summary>The directory of a single replica without Redis.</summary>
internal sealed class LocalQueueDirectory : ISharedQueueDirectory
{
    public Task<QueueDirectorySnapshot?> LoadAsync(CancellationToken cancellationToken) => Task.FromResult<QueueDirectorySnapshot?>(null);

    public Task SaveAsync(QueueDirectorySnapshot listing, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IAsyncDisposable?> WaitForTurnAsync(CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable?>(null);
}
