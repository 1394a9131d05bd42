using System.Threading.RateLimiting;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary>
/// Limits the requests per minute and the concurrent requests of each caller; the same number of requests again can wait. Keys with the same name are one
/// caller. Idle callers are no longer tracked.
/// </summary>
internal sealed class CallerRateLimiter(IOptions<CallerRateLimitOptions> options, TimeProvider clock) : IDisposable
{
    private readonly CallerTokenBuckets _callers = new(clock);
    private readonly CallerTokenBuckets _unknown = new(clock);
    private readonly PartitionedRateLimiter<string> _concurrentRequests = ConcurrencyLimiterOf(options.Value.MaxConcurrent);

    /// <summary>Number of callers, with and without valid credentials, that are tracked.</summary>
    public int Count => _callers.Count + _unknown.Count;

    public bool TryTake(Caller caller, out string policy, out TokenBucketState left)
    {
        var rate = _callers.Of(caller.Identity, caller.RequestsPerMinute ?? options.Value.RequestsPerMinute);
        policy = rate.Policy;
        return rate.TryTake(_callers.Now, out left);
    }

    /// <summary>
    /// Callers without valid credentials share one limit per network. It is checked only after authentication has failed, so that other
    /// clients in the same network or behind the same proxy cannot lock out a caller with valid credentials.
    /// </summary>
    public bool TryTakeUnknown(string network, out TokenBucketState left) =>
        _unknown.Of(network, options.Value.RequestsPerMinute).TryTake(_unknown.Now, out left);

    /// <summary>Acquires the permit for one of the caller's concurrent requests. The lease has no permit if too many requests are waiting.</summary>
    public ValueTask<RateLimitLease> EnterAsync(Caller caller, HttpContext http)
    {
        var immediate = _concurrentRequests.AttemptAcquire(caller.Identity);
        // RequestAborted is read only if the request must wait, because reading it allocates a token source.
        return immediate.IsAcquired ? new(immediate) : _concurrentRequests.AcquireAsync(caller.Identity, 1, http.RequestAborted);
    }

    public void Dispose()
    {
        _callers.Dispose();
        _unknown.Dispose();
        _concurrentRequests.Dispose();
    }

    private static PartitionedRateLimiter<string> ConcurrencyLimiterOf(int maxConcurrent)
    {
        Func<string, RateLimiter> createLimiter = _ => new ConcurrencyLimiter(
            new() { PermitLimit = maxConcurrent, QueueLimit = maxConcurrent, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
        return PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.Get(caller, createLimiter), StringComparer.Ordinal);
    }
}
