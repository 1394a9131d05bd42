using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Genesys.RateLimiting;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>
/// Reports how many of the allowed requests per minute are used, and whether another program uses the OAuth client. This check runs after all checks that
/// send Genesys requests.
/// </summary>
internal sealed class RateLimitCheck(GenesysRateLimiter rateLimiter)
    : DiagnosticCheck(DiagnosticNames.Budget, "Reading the state of the rate limiter", 5, DiagnosticNames.Token)
{
    // A difference of one or two is normal, because requests can be in progress, or just outside the minute that Genesys counts.
    private const int ExternalUsageThreshold = 3;

    public override Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken) => Task.FromResult(Check());

    private CheckOutcome Check()
    {
        var (state, external, waiting) = (rateLimiter.State, rateLimiter.ExternalUsage, rateLimiter.Waiting);
        var text = $"{state.Used} of the {state.Allowed} requests allowed per minute have been used{(state.Used > 0 ? $"; the next one becomes available in {state.ResetSeconds} s" : "")}.";
        return external >= ExternalUsageThreshold
                ? CheckOutcome.Warning(
                    $"{text} Genesys has counted {external} more requests than this service sent: another program uses the same OAuth client.",
                    "Give each program its own OAuth client; replicas of this service share one if Cache:Redis is set.")
            : state.Used >= state.Allowed
                ? CheckOutcome.Warning($"{text} {waiting} requests are waiting for a lease.", "Send fewer or smaller queries, or ask Genesys to raise the client's limit; Genesys:RequestsPerMinute limits this service.")
            : CheckOutcome.Ok(text);
    }
}
