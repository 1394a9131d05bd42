using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Doctor;

/// <summary>Serves <c>GET /health/doctor</c>, which reports what is wrong between this service and Genesys, and what to change.</summary>
internal static class DoctorEndpoint
{
    public const string Path = "/health/doctor";

    public static void MapDoctor(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetRequiredService<IOptions<AuthOptions>>().Value.Doctor == DoctorAccess.Off)
        {
            return;
        }

        app.MapGet(Path, DiagnoseAsync)
            .RequireScope(CallerScopes.Operator)
            .WithTags("Health")
            .WithResponseHeaders(RateLimitHeaderMetadata.Limit, RateLimitHeaderMetadata.Policy)
            .WithProblems(ProblemType.InvalidRequest, ProblemType.CallerRateLimited)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .WithName("GetDoctor")
            .WithSummary("Finds out what is wrong and what to change")
            .WithDescription(
                "Checks everything between this service and Genesys Cloud, step by step: settings, DNS, TLS, clock, token, each permission, queues, data, limits, "
                + "rate limit, directory and Redis. Each failure comes with its remedy: the setting, or the permission and where to grant it. The status is "
                + "200 even if checks fail; `healthy` is true if no check failed. A run takes up to 30 seconds and a few Genesys requests. Requests during "
                + "a run, and up to ten seconds after its end, receive the same result. Requires the operator scope.")
            .Produces<DoctorResponse>();
    }

    private static async Task<BufferedJsonResult<DoctorResponse>> DiagnoseAsync(DoctorRuns runs, HttpContext http)
    {
        ParameterRules.ThrowIfInvalid(http.Request.Query, [], []);
        http.Response.Headers.CacheControl = "no-store";
        return new(await runs.DiagnoseAsync(http.RequestAborted), ReadableDoctorJson.Response);
    }
}
