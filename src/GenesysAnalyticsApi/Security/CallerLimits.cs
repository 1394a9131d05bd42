using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Security;

/// <summary>
/// Keeps everybody to their share, where an endpoint asks for a caller; health and the pages of problems are never limited. Stands
/// between finding out who asks and what they may, so that refusals for want of a scope count too.
/// </summary>
internal sealed class CallerLimits(RequestDelegate next, CallerShares shares, CallerMetrics metrics, ProblemWriter writer)
{
    // A place becomes free with the next answer; nobody knows when that is.
    private static readonly TimeSpan UntilNextAnswer = TimeSpan.FromSeconds(1);

    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<LimitedByCaller>() is null ? next(context)
        : context.User is CallerPrincipal principal ? ServeAsync(context, principal)
        : shares.TryTakeUnknown(RemoteNetwork.NameOf(context.Connection.RemoteIpAddress), out var left) ? next(context)
        : RefuseAsync(context, null, "rate", "Too many requests without good credentials come from this address.", left.UntilNext);

    private async Task ServeAsync(HttpContext context, CallerPrincipal principal)
    {
        var isWithin = shares.TryTake(principal.Caller, out var policy, out var left);
        RateHeaders.Write(context, policy, left);
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

        try
        {
            await next(context);
        }
        catch (Exception) when (RateHeaders.Keep(context))
        {
            throw;
        }
    }

    private Task RefuseAsync(HttpContext context, CallerPrincipal? principal, string reason, string detail, TimeSpan wait)
    {
        metrics.Refused(principal, reason);
        return writer.WriteAsync(context, Problems.CallerRateLimited(detail, wait));
    }
}

/// <summary>Says of an endpoint that requests count against their caller's share.</summary>
internal sealed record LimitedByCaller
{
    public static LimitedByCaller Mark { get; } = new();
}
