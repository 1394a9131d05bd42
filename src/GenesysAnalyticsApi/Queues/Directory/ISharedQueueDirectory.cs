using GenesysAnalyticsApi.Genesys;
using NodaTime;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>The queue listing that replicas share, so that one of them reads it from Genesys for all. Nothing here throws for Redis' sake.</summary>
internal interface ISharedQueueDirectory
{
    /// <summary>The youngest listing that any replica has read; null when there is none, or no Redis.</summary>
    Task<SharedListing?> LoadAsync(CancellationToken cancellationToken);

    Task SaveAsync(SharedListing listing, CancellationToken cancellationToken);

    /// <summary>Waits until no other replica reads the listing, but not indefinitely. Dispose the result after reading; null if there is nothing to release.</summary>
    Task<IAsyncDisposable?> WaitForTurnAsync(CancellationToken cancellationToken);
}

/// <param name="ReadAt">When Genesys was asked for it.</param>
/// <param name="Queues">Those that it lists, and those that earlier ones listed.</param>
internal sealed record SharedListing(Instant ReadAt, IReadOnlyList<SharedQueue> Queues);

/// <param name="LastSeen">The last listing that had it.</param>
/// <param name="Listed">Whether this one has it.</param>
internal sealed record SharedQueue(GenesysQueue Queue, Instant LastSeen, bool Listed);

/// <summary>A replica on its own.</summary>
internal sealed class LocalQueueDirectory : ISharedQueueDirectory
{
    public Task<SharedListing?> LoadAsync(CancellationToken cancellationToken) => Task.FromResult<SharedListing?>(null);

    public Task SaveAsync(SharedListing listing, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IAsyncDisposable?> WaitForTurnAsync(CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable?>(null);
}
