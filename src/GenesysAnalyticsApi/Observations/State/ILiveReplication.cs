namespace GenesysAnalyticsApi.Observations.State;

/// <summary>Shares the state among replicas, so that one replica reads it for all replicas.</summary>
internal interface ILiveReplication
{
    /// <summary>Loads the state that a replica stored last; null if there is no such state.</summary>
    Task<LiveSnapshot?> LoadAsync(CancellationToken cancellationToken);

    Task SaveAsync(LiveSnapshot state);

    /// <summary>Takes the right to read the state from Genesys. Disposing the result releases the right.</summary>
    /// <returns>Null while another replica has the right.</returns>
    Task<IAsyncDisposable?> TryTakeAsync(CancellationToken cancellationToken);
}

/// <summary>Used without Redis: the replica shares the state with no other replica.</summary>
internal sealed class LocalLiveReplication : ILiveReplication
{
    public Task<LiveSnapshot?> LoadAsync(CancellationToken cancellationToken) => Task.FromResult<LiveSnapshot?>(null);

    public Task SaveAsync(LiveSnapshot state) => Task.CompletedTask;

    public Task<IAsyncDisposable?> TryTakeAsync(CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable?>(new NoLock());

    private sealed class NoLock : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
