using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// Lets replicas fetch each slice only once. Without Redis, or while it is unavailable, each replica works alone and gets every lock.
/// No member throws an exception because of Redis.
/// </summary>
internal interface ISliceReplication
{
    /// <summary>Precedes every key of a slice in the shared store.</summary>
    string KeyPrefix { get; }

    /// <summary>Precedes the name of the channel on which replicas notify each other of new slices.</summary>
    string? ChannelPrefix { get; }

    /// <summary>Takes the lock of a slice, to be disposed after the fetch. Null while another replica holds it.</summary>
    /// <param name="hasPriority">Whether a query waits for the slice. The other replicas can read it from the lock.</param>
    Task<IAsyncDisposable?> TryTakeAsync(string key, bool hasPriority, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the second lock of a slice, for a query that needs newer data than the owner of the first lock fetches, or that would wait for background work
    /// of that owner. Null if the running fetch suffices, or if both locks are held, because at most two replicas may fetch a slice at the same time.
    /// </summary>
    /// <param name="suffices">Whether a fetch that started at this instant, by this replica's clock, is new enough.</param>
    Task<IAsyncDisposable?> TryTakeSecondAsync(string key, bool hasPriority, Predicate<Instant> suffices, CancellationToken cancellationToken);

    /// <summary>When the slice in the shared store was fetched. Null if there is none; its body is not read.</summary>
    Task<Instant?> FetchTimeOfAsync(string key, CancellationToken cancellationToken);

    /// <summary>Reports that a slice in the shared store is invalid and treated as missing.</summary>
    void ReportInvalidSlice(string reason);

    /// <summary>Shares the failure of a fetch, so that no replica retries it within <paramref name="life"/>.</summary>
    Task MarkFailedAsync(string key, GenesysFailure failure, TimeSpan life);

    /// <summary>Deletes the shared failure after a successful fetch.</summary>
    Task ForgetFailureAsync(string key);

    /// <summary>The failure that another replica shared, until it expires.</summary>
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
