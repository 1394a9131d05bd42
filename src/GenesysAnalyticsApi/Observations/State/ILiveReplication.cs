namespace GenesysAnalyticsApi.Observations.State;

/// <summary>Shares the state among replicas, so that one replica reads it for all of them.</summary>
internal interface ILiveReplication
{
    /// <summary>The state that another replica stored last; null if there is none.</summary>
    Task<LiveSnapshot?> LoadAsync(CancellationToken cancellationToken);

    Task SaveAsync(LiveSnapshot state);

    /// <summary>Takes the right to read the state, until the result is disposed.</summary>
    /// <returns>Null while another replica has the right.</returns>
    Task<IAsyncDisposable?> TryTakeAsync(CancellationToken cancellationToken);
}

/// <summary>Used without Redis: there is no other replica to share the state with.</summary>
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
