using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Sharing;

/// <summary>
/// One flight per slice across replicas. Without Redis, or while it cannot be reached, every replica is on its own and gets
/// every lock it asks for.
/// </summary>
internal interface ISliceLocks
{
    /// <summary>The lock, to be disposed after the fetch; null while another replica holds it. Never throws for Redis' sake.</summary>
    Task<IAsyncDisposable?> TryTakeAsync(string key, CancellationToken cancellationToken);

    /// <summary>Tells the replicas that wait for the slice that it failed, and for how long nobody shall try again.</summary>
    Task MarkFailedAsync(string key, GenesysFailure failure, TimeSpan life);

    /// <summary>The failure that another replica met, while it is remembered.</summary>
    Task<GenesysFailure?> FailureOfAsync(string key, CancellationToken cancellationToken);
}
