using System.Diagnostics;
using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Operations;

namespace GenesysAnalyticsApi.Security;

/// <summary>What is counted about callers. Those without a key go by what let them in: their names have no bound.</summary>
internal sealed class CallerMetrics(ServiceMeter meter)
{
    private readonly Counter<long> _refusals = meter.Counter("caller.refusals", "{request}", "Requests that were refused because their caller has used its share up.");

    /// <param name="principal">Null for who has no good credentials.</param>
    /// <param name="reason"><c>rate</c> or <c>concurrency</c>.</param>
    public void Refused(CallerPrincipal? principal, string reason) => _refusals.Add(1, new TagList { { "caller", NameOf(principal) }, { "reason", reason } });

    private static string NameOf(CallerPrincipal? principal) => principal?.Identity?.AuthenticationType switch
    {
        ApiKeys.Scheme => principal.Caller.Name,
        AnonymousCallers.Scheme => "(anonymous)",
        null => "(unknown)",
        _ => "(token)",
    };
}
