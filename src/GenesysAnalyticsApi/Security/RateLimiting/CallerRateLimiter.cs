using System.Threading.RateLimiting;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary>
/// Limits the requests per minute and the concurrent requests of each caller. Further concurrent requests wait in a queue of the same size. Keys with the same
/// name are one caller. Idle callers are no longer tracked.
/// </summary>
internal sealed class CallerRateLimiter(IOptions<CallerRateLimitOptions> options, TimeProvider clock) : IDisposable
{
    private readonly CallerTokenBuckets _callers = new(clock);
    private readonly CallerTokenBuckets _unknown = new(clock);
    private readonly PartitionedRateLimiter<string> _concurrentRequests = ConcurrencyLimiterOf(options.Value.MaxConcurrent);

    /// <summary>The number of tracked callers with valid credentials, plus the number of tracked networks of callers without.</summary>
    public int Count => _callers.Count + _unknown.Count;

    public bool TryTake(Caller caller, out string policy, out TokenBucketState state)
    {
        var rate = _callers.Of(caller.Identity, caller.RequestsPerMinute ?? options.Value.RequestsPerMinute);
        policy = rate.Policy;
        return rate.TryTake(_callers.Now, out state);
    }

    /// <summary>
    /// Counts a request without valid credentials. All such requests from one network share one limit. The limit applies only after authentication has failed,
    /// so other clients in the same network or behind the same proxy cannot lock out a caller with valid credentials.
    /// </summary>
    public bool TryTakeUnknown(string network, out TokenBucketState state) =>
        _unknown.Of(network, options.Value.RequestsPerMinute).TryTake(_unknown.Now, out state);

    /// <summary>
    /// Acquires a permit for a concurrent request of the caller, or waits in the queue for one. If the queue is full, the returned lease contains no permit.
    /// </summary>
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
