using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>The <c>respond-async</c> preference of the <c>Prefer</c> header (RFC 7240): the caller accepts a job instead of waiting.</summary>
internal static class AsyncPreference
{
    public const string Header = "Prefer";

    public const string AppliedHeader = "Preference-Applied";

    public const string Name = "respond-async";

    /// <summary>Whether the header contains this preference. Other preferences are ignored, as the standard requires.</summary>
    /// <param name="header">All values of the header, separated by commas; null if the request has no such header.</param>
    public static bool IsIn(string? header) => (header ?? "").Split(',')
        .Any(preference => preference.Split(';')[0].Trim().Equals(Name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Describes the 202 of an endpoint whose queries can become jobs.</summary>
    /// <param name="description">When the response is a job.</param>
    public static RouteHandlerBuilder WithAcceptedJob(this RouteHandlerBuilder endpoint, string description) => endpoint
        // Without the schema of the job: client generators expect one schema for all successful responses.
        .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status202Accepted, typeof(void)) { Description = $"{description} The body is that of GET /jobs/{{id}}." })
        .WithResponseHeaders(
            new("Location", "The address of the job.", "/jobs/5f0c2b7e9a414d0c8f5f6a3e2b1d4c90") { Status = StatusCodes.Status202Accepted },
            new("Retry-After", "Seconds after which to request the state of the job.", "6") { Status = StatusCodes.Status202Accepted },
            new(AppliedHeader, "The preference that was applied.", Name) { Status = StatusCodes.Status202Accepted })
        .WithProblems(ProblemType.TooManyJobs);
}
