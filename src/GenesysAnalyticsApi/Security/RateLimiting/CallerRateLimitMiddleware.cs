using System.Diagnostics;
using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary>
/// Enforces the rate and concurrency limits of callers on endpoints that require a caller. Other endpoints, such as readiness and problem pages, have no limit.
/// The middleware runs between authentication and authorization, so requests without the required scope are counted too.
/// </summary>
internal sealed class CallerRateLimitMiddleware(RequestDelegate next, CallerRateLimiter limiter, CallerTelemetry metrics, ProblemWriter writer)
{
    // A permit becomes free when one of the caller's responses is complete. That time cannot be predicted.
    private static readonly TimeSpan ConcurrencyRetryAfter = TimeSpan.FromSeconds(1);

    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<CallerRateLimitMetadata>() is not { } limits ? next(context)
        : context.User is CallerPrincipal principal ? ServeAsync(context, principal, limits)
        : limiter.TryTakeUnknown(ClientNetwork.NameOf(context.Connection.RemoteIpAddress), out var state) ? next(context)
        : RefuseAsync(context, null, "rate", "Too many requests without valid credentials came from this network.", state.UntilNext);

    private async Task ServeAsync(HttpContext context, CallerPrincipal principal, CallerRateLimitMetadata limits)
    {
        var isWithinLimit = limiter.TryTake(principal.Caller, out var policy, out var state);
        RateLimitHeaders.Write(context, policy, state);
        if (!isWithinLimit)
        {
            await RefuseAsync(context, principal, "rate", "The caller's requests per minute are used up.", state.UntilNext);
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

/// <summary>Marks an endpoint that requires a caller. Requests to this endpoint count against the caller's limits.</summary>
internal sealed record CallerRateLimitMetadata
{
    public static CallerRateLimitMetadata Mark { get; } = new();

    /// <summary>Marks a stream, which does not count as a concurrent request. The endpoint itself limits the number of concurrent streams.</summary>
    public static CallerRateLimitMetadata LongLived { get; } = new() { IsLongLived = true };

    public bool IsLongLived { get; private init; }
}

/// <summary>
/// Counts the requests that exceed a limit, by caller. Callers without an API key are counted by authentication mode, because the number of their names is
/// unbounded.
/// </summary>
internal sealed class CallerTelemetry(ServiceMeter meter)
{
    private readonly Counter<long> _refusals = meter.Counter("caller.refusals", "{request}", "Requests that were rejected because their caller exceeded its limits.");

    /// <param name="principal">Null for a caller without valid credentials.</param>
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

/// <summary>The <c>RateLimit</c> and <c>RateLimit-Policy</c> headers of the IETF draft (draft-ietf-httpapi-ratelimit-headers).</summary>
internal static class RateLimitHeaders
{
    public const string Limit = "RateLimit";
    public const string Policy = "RateLimit-Policy";

    /// <summary>Sets the headers when the response starts, because the exception handler clears the headers of a failed response.</summary>
    public static void Write(HttpContext context, string policy, TokenBucketState state) => context.Response.OnStarting(() =>
    {
        context.Response.Headers[Policy] = policy;
        context.Response.Headers[Limit] = state.ToString();
        return Task.CompletedTask;
    });
}
