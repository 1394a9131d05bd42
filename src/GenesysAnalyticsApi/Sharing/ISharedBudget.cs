namespace GenesysAnalyticsApi.Sharing;

/// <summary>The requests of the last minute, counted over all replicas that ask as the same client.</summary>
internal interface ISharedBudget
{
    /// <summary>Counts one request more, if that leaves it within <paramref name="limit"/>. Never throws for Redis' sake.</summary>
    Task<SharedGrant> TryTakeAsync(int limit, CancellationToken cancellationToken);
}

/// <param name="Count">Requests of all replicas, one just granted included; null when nobody counts them.</param>
/// <param name="Wait">Until enough of them are a minute old for one more; zero when granted.</param>
internal readonly record struct SharedGrant(bool IsGranted, int? Count, TimeSpan Wait)
{
    /// <summary>Nobody counts for all: each replica has its own count alone.</summary>
    public static readonly SharedGrant Alone = new(true, null, TimeSpan.Zero);
}

/// <summary>One replica, or several without Redis.</summary>
internal sealed class NoSharedBudget : ISharedBudget
{
    public Task<SharedGrant> TryTakeAsync(int limit, CancellationToken cancellationToken) => Task.FromResult(SharedGrant.Alone);
}
