using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Reads the whole result of a query for features that process figures instead of sending them as a response, such as alerts. The slices, limits and
/// deadline of GET /aggregates apply.
/// </summary>
internal sealed class AggregatesReader(AggregatesService service, WorkLimiter work)
{
    /// <exception cref="Errors.ProblemException">
    /// A queue or agent is unknown or ambiguous, the query is too large or too wide, or the service is overloaded.
    /// </exception>
    /// <exception cref="Genesys.Failures.GenesysException">Genesys failed, and a partial result is impossible or denied by the query.</exception>
    public async Task<(PlannedQuery Planned, AggregatesResult Result)> ReadAsync(AggregatesQuery query, Caller caller, CancellationToken cancellationToken)
    {
        using var slot = await work.EnterAsync(caller.Identity, cancellationToken);
        using var deadline = service.NewDeadline(cancellationToken);
        var planned = await service.PlanAsync(query, caller, slot, deadline, cancellationToken);
        return (planned, service.BuildResult(await service.ReadAsync(planned, deadline, cancellationToken)));
    }
}
