using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Security;

/// <summary>
/// Keeps everybody to their share, where an endpoint asks for a caller; health and the pages of problems are never limited. Stands
/// between finding out who asks and what they may, so that refusals for want of a scope count too.
/// </summary>
internal sealed class CallerLimits(RequestDelegate next, CallerShares shares, ProblemWriter writer)
{
    // A place becomes free with the next answer; nobody knows when that is.
    private static readonly TimeSpan UntilNextAnswer = TimeSpan.FromSeconds(1);

    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<LimitedByCaller>() is null ? next(context)
        : context.User is CallerPrincipal { Caller: var caller } ? ServeAsync(context, caller)
        : shares.TryTakeUnknown(RemoteNetwork.NameOf(context.Connection.RemoteIpAddress), out var left) ? next(context)
        : writer.WriteAsync(context, Problems.CallerRateLimited("Too many requests without good credentials come from this address.", left.UntilNext));

    private async Task ServeAsync(HttpContext context, Caller caller)
    {
        var isWithin = shares.TryTake(caller, out var policy, out var left);
        RateHeaders.Write(context, policy, left);
        if (!isWithin)
        {
            await writer.WriteAsync(context, Problems.CallerRateLimited("The requests that this caller has a minute are used up.", left.UntilNext));
            return;
        }

        using var place = await shares.EnterAsync(caller, context);
        if (!place.IsAcquired)
        {
            await writer.WriteAsync(context, Problems.CallerRateLimited("Too many requests of this caller are under way at the same time.", UntilNextAnswer));
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
}

/// <summary>Says of an endpoint that requests count against their caller's share.</summary>
internal sealed record LimitedByCaller
{
    public static LimitedByCaller Mark { get; } = new();
}
