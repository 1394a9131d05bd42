using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Sharing;

/// <summary>Nothing is shared: this process is alone, and every lock is its own.</summary>
internal sealed class NoSliceLocks : ISliceLocks
{
    private static readonly Task<IAsyncDisposable?> Granted = Task.FromResult<IAsyncDisposable?>(new Nothing());

    public Task<IAsyncDisposable?> TryTakeAsync(string key, TimeSpan life, CancellationToken cancellationToken) => Granted;

    public Task MarkFailedAsync(string key, GenesysFailure failure, TimeSpan life) => Task.CompletedTask;

    public Task<GenesysFailure?> FailureOfAsync(string key, CancellationToken cancellationToken) => Task.FromResult<GenesysFailure?>(null);

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
