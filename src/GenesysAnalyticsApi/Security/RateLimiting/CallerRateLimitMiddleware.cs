using System.Diagnostics;
using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Observability;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary>
/// Keeps everybody to their share, where an endpoint asks for a caller; health and the pages of problems are never limited. Stands
/// between finding out who asks and what they may, so that refusals for want of a scope count too.
/// </summary>
internal sealed class CallerRateLimitMiddleware(RequestDelegate next, CallerRateLimiter shares, CallerTelemetry metrics, ProblemWriter writer)
{
    // A place becomes free with the next answer; nobody knows when that is.
    private static readonly TimeSpan UntilNextAnswer = TimeSpan.FromSeconds(1);

    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<CallerRateLimitMetadata>() is null ? next(context)
        : context.User is CallerPrincipal principal ? ServeAsync(context, principal)
        : shares.TryTakeUnknown(ClientNetwork.NameOf(context.Connection.RemoteIpAddress), out var left) ? next(context)
        : RefuseAsync(context, null, "rate", "Too many requests without good credentials come from this address.", left.UntilNext);

    private async Task ServeAsync(HttpContext context, CallerPrincipal principal)
    {
        var isWithin = shares.TryTake(principal.Caller, out var policy, out var left);
        RateLimitHeaders.Write(context, policy, left);
        if (!isWithin)
        {
            await RefuseAsync(context, principal, "rate", "The requests that this caller has a minute are used up.", left.UntilNext);
            return;
        }

        using var place = await shares.EnterAsync(principal.Caller, context);
        if (!place.IsAcquired)
        {
            await RefuseAsync(context, principal, "concurrency", "Too many requests of this caller are under way at the same time.", UntilNextAnswer);
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

/// <summary>Says of an endpoint that requests count against their caller's share.</summary>
internal sealed record CallerRateLimitMetadata
{
    public static CallerRateLimitMetadata Mark { get; } = new();
}

/// <summary>What is counted about callers. Those without a key go by what let them in: their names have no bound.</summary>
internal sealed class CallerTelemetry(ServiceMeter meter)
{
    private readonly Counter<long> _refusals = meter.Counter("caller.refusals", "{request}", "Requests that were refused because their caller has used its share up.");

    /// <param name="principal">Null for who has no good credentials.</param>
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
