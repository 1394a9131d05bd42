using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi;
using GenesysAnalyticsApi.Security;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Operations.Doctor;

/// <summary><c>/health/doctor</c>: what is wrong between this service and Genesys, and what to change.</summary>
internal static class DoctorEndpoint
{
    public const string Path = HealthEndpoints.Path + "/doctor";

    public static void MapDoctor(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetRequiredService<IOptions<AuthOptions>>().Value.Doctor == DoctorAccess.Off)
        {
            return;
        }

        app.MapGet(Path, Visit)
            .RequireScope(CallerScopes.Operator)
            .WithTags("Health")
            .Sends(RateHeaders.LimitFacts, RateHeaders.PolicyFacts)
            .Answers(ProblemType.CallerRateLimited)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .WithName("GetDoctor")
            .WithSummary("What is wrong, and what to change")
            .WithDescription(
                "Tries everything between this service and Genesys Cloud, one after the other: settings, names, TLS, clock, token, each permission, queues, data, limits, "
                + "budget, directory and Redis. Whatever is not well comes with its remedy: the setting, or the permission and where it is given. Always 200, since the doctor "
                + "has answered; `healthy` says whether something failed. It takes up to 30 seconds, and a handful of requests of the minute; visitors within ten seconds "
                + "share one visit. Needs the scope operator.")
            .Produces<DoctorAnswer>();
    }

    private static async Task<WholeJson<DoctorAnswer>> Visit(DoctorVisits visits, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return new(await visits.VisitAsync(http.RequestAborted), ReadableDoctorJson.Answer);
    }
}
