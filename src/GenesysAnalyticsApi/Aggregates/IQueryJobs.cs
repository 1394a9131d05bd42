using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Creates jobs, which run queries in the background for callers that do not wait for the response.</summary>
internal interface IQueryJobs
{
    /// <summary>Creates a job for the query, or finds an equal job of the same caller. Returns the response that names the job (202).</summary>
    /// <param name="parameters">The caller's parameters, already validated.</param>
    /// <exception cref="Errors.ProblemException">429: the caller, or all callers together, have too many jobs.</exception>
    Task<IResult> SubmitAsync(AggregatesParameters parameters, PlannedQuery planned, Caller caller, CancellationToken cancellationToken);
}
