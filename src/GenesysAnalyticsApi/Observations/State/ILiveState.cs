using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Observations.State;

/// <summary>The current state of all queues. It is read once for all callers and subscribers.</summary>
internal interface ILiveState
{
    /// <summary>
    /// Returns the newest state if it is at most <paramref name="maxAge"/> old. Otherwise, reads the state once for all callers that need it at the same time.
    /// </summary>
    /// <exception cref="Genesys.Failures.GenesysException">
    /// The state could not be read, and no earlier state is recent enough to be returned instead.
    /// </exception>
    Task<LiveSnapshot> GetAsync(Duration maxAge, RequestOrigin origin, CancellationToken cancellationToken);

    /// <summary>
    /// Returns the newest state, then newer states as they arrive. The service keeps the state fresh as long as there are readers. A slow reader gets the
    /// newest state, not the states that it missed.
    /// </summary>
    IAsyncEnumerable<LiveSnapshot> WatchAsync(CancellationToken cancellationToken);
}
