using System.Diagnostics;
using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary>
/// Enforces the rate and concurrency limits of callers on endpoints that require a caller; health and problem pages are not limited. Runs between
/// authentication and authorization, so that requests without the required scope count too.
/// </summary>
internal sealed class CallerRateLimitMiddleware(RequestDelegate next, CallerRateLimiter limiter, CallerTelemetry metrics, ProblemWriter writer)
{
    // A permit becomes free with the next response, at an unknown time.
    private static readonly TimeSpan ConcurrencyRetryAfter = TimeSpan.FromSeconds(1);

    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<CallerRateLimitMetadata>() is null ? next(context)
        : context.User is CallerPrincipal principal ? ServeAsync(context, principal)
        : limiter.TryTakeUnknown(ClientNetwork.NameOf(context.Connection.RemoteIpAddress), out var left) ? next(context)
        : RefuseAsync(context, null, "rate", "Too many requests without valid credentials came from this address.", left.UntilNext);

    private async Task ServeAsync(HttpContext context, CallerPrincipal principal)
    {
        var isWithin = limiter.TryTake(principal.Caller, out var policy, out var left);
        RateLimitHeaders.Write(context, policy, left);
        if (!isWithin)
        {
            await RefuseAsync(context, principal, "rate", "The caller's requests per minute are used up.", left.UntilNext);
            return;
        }

        using var lease = await limiter.EnterAsync(principal.Caller, context);
        if (!lease.IsAcquired)
        {
            await RefuseAsync(context, principal, "concurrency", "Too many concurrent requests from this caller.", ConcurrencyRetryAfter);
            return;
        }

        await next(context);
    }

    private Task RefuseAsync(HttpContext context, CallerPrincipal? principal, string reason, string detail, TimeSpan wait)
    {
        metrics.Refused(principal, reason);
        return writer.WriteAsync(context, Problems.CallerRateLimited(detail, wait));
    }
}

/// <summary>Marks endpoints whose requests count against the caller's rate limit.</summary>
internal sealed record CallerRateLimitMetadata
{
    public static CallerRateLimitMetadata Mark { get; } = new();
}

/// <summary>Counts rejected requests. Callers without a key are counted by authentication mode, because their names are unbounded.</summary>
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
