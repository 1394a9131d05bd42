using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Observations.State;

/// <summary>The current state of all queues. It is read once for all callers and subscribers.</summary>
internal interface ILiveState
{
    /// <summary>Returns the newest state if it is at most <paramref name="maxAge"/> old. Otherwise reads the state once for all callers that ask for it at the same time.</summary>
    /// <exception cref="Genesys.Failures.GenesysException">The state could not be read, and no known state may be used instead.</exception>
    Task<LiveSnapshot> GetAsync(Duration maxAge, RequestOrigin origin, CancellationToken cancellationToken);

    /// <summary>
    /// The newest state, then each newer one. As long as there are readers, the state is kept fresh. A slow reader gets the newest state, not those that it
    /// missed.
    /// </summary>
    IAsyncEnumerable<LiveSnapshot> WatchAsync(CancellationToken cancellationToken);
}
