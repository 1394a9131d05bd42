using GenesysAnalyticsApi.Genesys;
using NodaTime;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>The queue listing shared by replicas, so that only one of them reads it from Genesys. Redis failures never throw here.</summary>
internal interface ISharedQueueDirectory
{
    /// <summary>The most recent listing that any replica has read. Null if there is none, or no Redis.</summary>
    Task<SharedListing?> LoadAsync(CancellationToken cancellationToken);

    Task SaveAsync(SharedListing listing, CancellationToken cancellationToken);

    /// <summary>Waits until no other replica reads the listing, but not indefinitely. Dispose the result after reading; null if there is nothing to release.</summary>
    Task<IAsyncDisposable?> WaitForTurnAsync(CancellationToken cancellationToken);
}

/// <param name="ReadAt">When the listing was requested from Genesys.</param>
/// <param name="Queues">The queues of this listing and of earlier ones.</param>
internal sealed record SharedListing(Instant ReadAt, IReadOnlyList<SharedQueue> Queues);

/// <param name="LastSeen">The last listing that contained it.</param>
/// <param name="Listed">Whether this listing contains it.</param>
internal sealed record SharedQueue(GenesysQueue Queue, Instant LastSeen, bool Listed);

/// <summary>The directory of a single replica without Redis.</summary>
internal sealed class LocalQueueDirectory : ISharedQueueDirectory
{
    public Task<SharedListing?> LoadAsync(CancellationToken cancellationToken) => Task.FromResult<SharedListing?>(null);

    public Task SaveAsync(SharedListing listing, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IAsyncDisposable?> WaitForTurnAsync(CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable?>(null);
}
