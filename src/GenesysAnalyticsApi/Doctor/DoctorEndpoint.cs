using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Doctor;

/// <summary>Maps <c>/health/doctor</c>, which reports what is wrong between this service and Genesys, and what to change.</summary>
internal static class DoctorEndpoint
{
    public const string Path = "/health/doctor";

    public static void MapDoctor(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetRequiredService<IOptions<AuthOptions>>().Value.Doctor == DoctorAccess.Off)
        {
            return;
        }

        app.MapGet(Path, Visit)
            .RequireScope(CallerScopes.Operator)
            .WithTags("Health")
            .WithResponseHeaders(RateLimitHeaderMetadata.Limit, RateLimitHeaderMetadata.Policy)
            .WithProblems(ProblemType.CallerRateLimited)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .WithName("GetDoctor")
            .WithSummary("What is wrong, and what to change")
            .WithDescription(
                "Tries everything between this service and Genesys Cloud, one after the other: settings, names, TLS, clock, token, each permission, queues, data, limits, "
                + "budget, directory and Redis. Whatever is not well comes with its remedy: the setting, or the permission and where it is given. Always 200, since the doctor "
                + "has answered; `healthy` says whether something failed. It takes up to 30 seconds, and a handful of requests of the minute; visitors within ten seconds "
                + "share one visit. Needs the scope operator.")
            .Produces<DoctorResponse>();
    }

    private static async Task<BufferedJsonResult<DoctorResponse>> Visit(DoctorRuns visits, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return new(await visits.DiagnoseAsync(http.RequestAborted), ReadableDoctorJson.Answer);
    }
}

/// <summary>
/// Lets callers who ask at the same time, or within the next ten seconds, share one run. Each run uses up the same Genesys rate limit as callers'
/// queries.
/// </summary>
internal sealed class DoctorRuns(DiagnosticRunner round, TimeProvider clock)
{
    internal static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Task<DoctorResponse>? _latest;
    private long _endedAt;

    /// <summary>The token ends the wait, not the run, because other callers may wait for the same run.</summary>
    public Task<DoctorResponse> DiagnoseAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_latest is null || (_latest.IsCompleted && clock.GetElapsedTime(_endedAt) >= Kept))
            {
                _latest = Task.Run(RunAsync, CancellationToken.None);
            }

            return _latest.WaitAsync(cancellationToken);
        }
    }

    private async Task<DoctorResponse> RunAsync()
    {
        var answer = await round.RunAsync(faults: []);
        lock (_gate)
        {
            _endedAt = clock.GetTimestamp();
        }

        return answer;
    }
}
