using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.RateLimiting;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary>
/// Enforces the rate and concurrency limits of callers on endpoints that require a caller; health and problem pages are not limited. Runs between
/// authentication and authorization, so that requests without the required scope are counted too.
/// </summary>
internal sealed class CallerRateLimitMiddleware(RequestDelegate next, CallerRateLimiter limiter, CallerTelemetry metrics, ProblemWriter writer)
{
    // A permit becomes free when the next response is complete, which cannot be predicted.
    private static readonly TimeSpan ConcurrencyRetryAfter = TimeSpan.FromSeconds(1);

    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<CallerRateLimitMetadata>() is not { } limits ? next(context)
        : context.User is CallerPrincipal principal ? ServeAsync(context, principal, limits)
        : limiter.TryTakeUnknown(ClientNetwork.NameOf(context.Connection.RemoteIpAddress), out var left) ? next(context)
        : RefuseAsync(context, null, "rate", "Too many requests without valid credentials came from this address.", left.UntilNext);

    private async Task ServeAsync(HttpContext context, CallerPrincipal principal, CallerRateLimitMetadata limits)
    {
        var isWithin = limiter.TryTake(principal.Caller, out var policy, out var left);
        RateLimitHeaders.Write(context, policy, left);
        if (!isWithin)
        {
            await RefuseAsync(context, principal, "rate", "The caller's requests per minute are used up.", left.UntilNext);
            return;
        }

        if (limits.IsLongLived)
        {
            await next(context);
            return;
        }

        using var lease = await limiter.EnterAsync(principal.Caller, context);
        if (!lease.IsAcquired)
        {
            const string detail = "Too many concurrent requests from this caller. Wait for a response before sending another request.";
            await RefuseAsync(context, principal, "concurrency", detail, ConcurrencyRetryAfter);
            return;
        }

        await next(context);
    }

    private Task RefuseAsync(HttpContext context, CallerPrincipal? principal, string reason, string detail, TimeSpan wait)
    {
        metrics.Refused(principal, reason);
        return writer.WriteAsync(context, ProblemFactory.CallerRateLimited(detail, wait));
    }
}

/// <summary>Marks endpoints whose requests count against the caller's rate limit.</summary>
internal sealed record CallerRateLimitMetadata
{
    public static CallerRateLimitMetadata Mark { get; } = new();

    /// <summary>For a stream: the endpoint itself limits the number of concurrent streams.</summary>
    public static CallerRateLimitMetadata LongLived { get; } = new() { IsLongLived = true };

    public bool IsLongLived { get; private init; }
}

/// <summary>Counts rejected requests. Callers without a key are counted by authentication mode, because the number of their names is unbounded.</summary>
internal sealed class CallerTelemetry(ServiceMeter meter)
{
    private readonly Counter<long> _refusals = meter.Counter("caller.refusals", "{request}", "Requests that were rejected because their caller exceeded its limits.");

    /// <param name="principal">Null without valid credentials.</param>
    /// <param name="reason"><c>rate</c> or <c>concurrency</c>.</param>
    public void Refused(CallerPrincipal? principal, string reason) => _refusals.Add(1, new TagList { { "caller", NameOf(principal) }, { "reason", reason } });

    private static string NameOf(CallerPrincipal? principal) => principal?.Identity?.AuthenticationType switch
    {
        ApiKeyAuthenticator.Scheme => principal.Caller.Name,
        AnonymousAuthenticator.Scheme => "(anonymous)",
        null => "(unknown)",
        _ => "(token)",
    };
}

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

/// <summary><c>RateLimit</c> and <c>RateLimit-Policy</c> from the IETF draft (draft-ietf-httpapi-ratelimit-headers).</summary>
internal static class RateLimitHeaders
{
    public const string Limit = "RateLimit";
    public const string Policy = "RateLimit-Policy";

    /// <summary>Set when the response starts, because the exception handler clears the headers of a failed response.</summary>
    public static void Write(HttpContext context, string policy, TokenBucketState left) => context.Response.OnStarting(() =>
    {
        context.Response.Headers[Policy] = policy;
        context.Response.Headers[Limit] = left.ToString();
        return Task.CompletedTask;
    });
}
