using GenesysAnalyticsApi.Genesys.Failures;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>
/// One flight per slice across replicas. Without Redis, or while it cannot be reached, every replica is on its own and gets
/// every lock it asks for.
/// </summary>
internal interface ISliceReplication
{
    /// <summary>The lock, to be disposed after the fetch; null while another replica holds it. Never throws for Redis' sake.</summary>
    Task<IAsyncDisposable?> TryTakeAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// A second lock of the same slice, for a question that needs figures younger than those that the holder of the first one fetches. Null while
    /// what is being fetched will do, and while both are held: no more than two replicas fetch a slice at the same time.
    /// </summary>
    /// <param name="willDo">Whether a fetch that began at that moment, by this replica's clock, is worth waiting for.</param>
    Task<IAsyncDisposable?> TryTakeBesideAsync(string key, Predicate<Instant> willDo, CancellationToken cancellationToken);

    /// <summary>Tells the replicas that wait for the slice that it failed, and for how long none of them tries again.</summary>
    Task MarkFailedAsync(string key, GenesysFailure failure, TimeSpan life);

    /// <summary>Genesys has answered since: the failure says nothing any more.</summary>
    Task ForgetFailureAsync(string key);

    /// <summary>The failure that another replica met, while it is remembered.</summary>
    Task<GenesysFailure?> FailureOfAsync(string key, CancellationToken cancellationToken);
}
