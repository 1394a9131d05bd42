namespace GenesysAnalyticsApi.Observations.State;

/// <summary>Shares the state among replicas, so that one replica reads it for all of them.</summary>
internal interface ILiveReplication
{
    /// <summary>The state that another replica stored last; null if there is none.</summary>
    Task<LiveSnapshot?> LoadAsync(CancellationToken cancellationToken);

    Task SaveAsync(LiveSnapshot state);

    /// <summary>The right to read the state; null while another replica has it.</summary>
    Task<IAsyncDisposable?> TryTakeAsync(CancellationToken cancellationToken);
}

/// <summary>For a single replica.</summary>
internal sealed class LocalLiveReplication : ILiveReplication
{
    public Task<LiveSnapshot?> LoadAsync(CancellationToken cancellationToken) => Task.FromResult<LiveSnapshot?>(null);

    public Task SaveAsync(LiveSnapshot state) => Task.CompletedTask;

    public Task<IAsyncDisposable?> TryTakeAsync(CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable?>(new Nothing());

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
