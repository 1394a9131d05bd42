using System.Threading.RateLimiting;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary>
/// Limits each caller's requests per minute and concurrent requests, with as many requests waiting. Keys of one name are one caller. Idle callers are
/// forgotten.
/// </summary>
internal sealed class CallerRateLimiter(IOptions<CallersOptions> options, TimeProvider clock) : IDisposable
{
    private readonly TokenBuckets _callers = new(clock);
    private readonly TokenBuckets _unknown = new(clock);
    private readonly PartitionedRateLimiter<string> _places = PlacesOf(options.Value.MaxConcurrent);

    /// <summary>Number of callers, with and without valid credentials, that are tracked.</summary>
    public int Count => _callers.Count + _unknown.Count;

    public bool TryTake(Caller caller, out string policy, out TokenBucketState left)
    {
        var rate = _callers.Of(caller.Identity, caller.RequestsPerMinute ?? options.Value.RequestsPerMinute);
        policy = rate.Policy;
        return rate.TryTake(_callers.Now, out left);
    }

    /// <summary>
    /// Callers without valid credentials share one limit per network. It is checked only after authentication has failed, so that neither a neighbour
    /// nor other callers behind the same proxy can lock out a caller with valid credentials.
    /// </summary>
    public bool TryTakeUnknown(string network, out TokenBucketState left) =>
        _unknown.Of(network, options.Value.RequestsPerMinute).TryTake(_unknown.Now, out left);

    /// <summary>Acquires one of the caller's concurrent requests. Not acquired if too many are waiting.</summary>
    public ValueTask<RateLimitLease> EnterAsync(Caller caller, HttpContext http)
    {
        var now = _places.AttemptAcquire(caller.Identity);
        // Only waiting requests need the token, because reading it allocates a token source.
        return now.IsAcquired ? new(now) : _places.AcquireAsync(caller.Identity, 1, http.RequestAborted);
    }

    public void Dispose()
    {
        _callers.Dispose();
        _unknown.Dispose();
        _places.Dispose();
    }

    private static PartitionedRateLimiter<string> PlacesOf(int many)
    {
        Func<string, RateLimiter> places = _ => new ConcurrencyLimiter(new() { PermitLimit = many, QueueLimit = many, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
        return PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.Get(caller, places), StringComparer.Ordinal);
    }
}
