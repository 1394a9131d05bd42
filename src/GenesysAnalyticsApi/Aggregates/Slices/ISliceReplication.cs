using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Coordinates the replicas, so that normally only one of them fetches a slice. Without Redis, or while Redis is unavailable, each replica works alone and
/// gets every lock. No member throws an exception if Redis fails.
/// </summary>
internal interface ISliceReplication
{
    /// <summary>The prefix of the key of every slice in the shared store.</summary>
    string KeyPrefix { get; }

    /// <summary>The prefix of the channel on which replicas notify each other of new slices; null if there is no channel.</summary>
    string? ChannelPrefix { get; }

    /// <summary>Takes the lock of a slice; the caller disposes it after the fetch. Returns null while another replica holds the lock.</summary>
    /// <param name="hasPriority">Whether a query waits for the slice. The lock records this priority for the other replicas.</param>
    Task<IAsyncDisposable?> TryTakeAsync(string key, bool hasPriority, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the second lock of a slice, for a query that needs newer data than the owner of the first lock fetches, or that would have to wait for
    /// background work of that owner. Returns null if the running fetch suffices, if the first lock has been released in the meantime, or if both locks are
    /// held, so that normally at most two replicas fetch a slice at the same time.
    /// </summary>
    /// <param name="suffices">Whether a fetch that started at this instant, by this replica's clock, is new enough.</param>
    Task<IAsyncDisposable?> TryTakeSecondAsync(string key, bool hasPriority, Predicate<Instant> suffices, CancellationToken cancellationToken);

    /// <summary>Returns when the slice in the shared store was fetched, without reading its body; null if the store does not contain the slice.</summary>
    Task<Instant?> FetchTimeOfAsync(string key, CancellationToken cancellationToken);

    /// <summary>Reports that a slice in the shared store is invalid and is treated as missing.</summary>
    void ReportInvalidSlice(string reason);

    /// <summary>Shares the failure of a fetch, so that no replica retries the fetch within <paramref name="life"/>.</summary>
    Task MarkFailedAsync(string key, GenesysFailure failure, TimeSpan life);

    /// <summary>Deletes the shared failure after a successful fetch.</summary>
    Task ForgetFailureAsync(string key);

    /// <summary>Returns the failure that another replica has shared; null if there is no failure or it has expired.</summary>
    Task<GenesysFailure?> FailureOfAsync(string key, CancellationToken cancellationToken);
}

/// <summary>Serves a replica that works alone: it grants every lock and shares nothing.</summary>
internal sealed class LocalSliceReplication : ISliceReplication
{
    private static readonly Task<IAsyncDisposable?> Granted = Task.FromResult<IAsyncDisposable?>(new NoLock());

    public string KeyPrefix => "";

    public string? ChannelPrefix => null;

    public Task<IAsyncDisposable?> TryTakeAsync(string key, bool hasPriority, CancellationToken cancellationToken) => Granted;

    public Task<IAsyncDisposable?> TryTakeSecondAsync(string key, bool hasPriority, Predicate<Instant> suffices, CancellationToken cancellationToken) => Granted;

    public Task<Instant?> FetchTimeOfAsync(string key, CancellationToken cancellationToken) => Task.FromResult<Instant?>(null);

    public void ReportInvalidSlice(string reason)
    {
        // There is no shared store.
    }

    public Task MarkFailedAsync(string key, GenesysFailure failure, TimeSpan life) => Task.CompletedTask;

    public Task ForgetFailureAsync(string key) => Task.CompletedTask;

    public Task<GenesysFailure?> FailureOfAsync(string key, CancellationToken cancellationToken) => Task.FromResult<GenesysFailure?>(null);

    private sealed class NoLock : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
