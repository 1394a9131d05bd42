using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Runs queries in the background for callers that do not wait for the response.</summary>
internal interface IQueryJobs
{
    /// <summary>Creates a job for the query, or finds an equal one of the same caller. Returns the response that names the job (202).</summary>
    /// <param name="parameters">As the caller gave them; valid.</param>
    /// <exception cref="Errors.ProblemException">429: the caller, or all callers together, have too many jobs.</exception>
    Task<IResult> SubmitAsync(AggregatesParameters parameters, PlannedQuery planned, Caller caller, CancellationToken cancellationToken);
}

/// <summary>The preference <c>respond-async</c> of the <c>Prefer</c> header (RFC 7240): the caller accepts a job instead of waiting.</summary>
internal static class AsyncPreference
{
    public const string Header = "Prefer";

    public const string AppliedHeader = "Preference-Applied";

    public const string Name = "respond-async";

    /// <summary>Other preferences are ignored, as the standard demands.</summary>
    /// <param name="header">All values of the header, separated by commas; null if there is none.</param>
    public static bool IsIn(string? header) => (header ?? "").Split(',')
        .Any(preference => preference.Split(';')[0].Trim().Equals(Name, StringComparison.OrdinalIgnoreCase));
}
