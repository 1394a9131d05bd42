using System.Threading.RateLimiting;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary>
/// Each caller's share of the service: requests a minute, and requests at the same time with as many waiting. Keys of one name are one
/// caller. Nothing is kept of callers who have not asked for a while.
/// </summary>
internal sealed class CallerRateLimiter : IDisposable
{
    private readonly IOptions<CallersOptions> _options;
    private readonly TokenBuckets _callers;
    private readonly TokenBuckets _unknown;
    private readonly PartitionedRateLimiter<string> _places;

    public CallerRateLimiter(IOptions<CallersOptions> options, TimeProvider clock)
    {
        _options = options;
        _callers = new TokenBuckets(clock);
        _unknown = new TokenBuckets(clock);
        var many = options.Value.MaxConcurrent;
        Func<string, RateLimiter> places = _ => new ConcurrencyLimiter(new() { PermitLimit = many, QueueLimit = many, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
        _places = PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.Get(caller, places), StringComparer.Ordinal);
    }

    /// <summary>Of how many callers, known and unknown, something is kept.</summary>
    public int Count => _callers.Count + _unknown.Count;

    public bool TryTake(Caller caller, out string policy, out TokenBucketState left)
    {
        var rate = _callers.Of(caller.Identity, caller.RequestsPerMinute ?? _options.Value.RequestsPerMinute);
        policy = rate.Policy;
        return rate.TryTake(_callers.Now, out left);
    }

    /// <summary>
    /// Who has no good credentials has no name: one share for all of one network. It is looked at only after the credentials have turned
    /// out to be none, so that no caller with good ones is shut out by a neighbour, or by all others behind the same proxy.
    /// </summary>
    public bool TryTakeUnknown(string network, out TokenBucketState left) =>
        _unknown.Of(network, _options.Value.RequestsPerMinute).TryTake(_unknown.Now, out left);

    /// <summary>A place among the caller's requests that are under way; not acquired where too many wait already.</summary>
    public ValueTask<RateLimitLease> EnterAsync(Caller caller, HttpContext http)
    {
        var now = _places.AttemptAcquire(caller.Identity);
        // Only who has to wait needs a token: to ask for one makes a source of it for each request.
        return now.IsAcquired ? new(now) : _places.AcquireAsync(caller.Identity, 1, http.RequestAborted);
    }

    public void Dispose()
    {
        _callers.Dispose();
        _unknown.Dispose();
        _places.Dispose();
    }
}
