using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Observations.Request;
using GenesysAnalyticsApi.Observations.Response;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Observations;

/// <summary>Serves <c>GET /observations</c>: the current state of the queues.</summary>
internal static class ObservationsEndpoint
{
    private static HeaderMetadata[] Headers { get; } =
    [
        new("ETag", "A weak tag that identifies the content of the response, except the age of the state and growing durations. If the state is complete and not stale, a request that sends the tag in If-None-Match gets a 304 as long as this content has not changed. Durations of waits and interactions have then grown by the time between the two responses.", "W/\"9a59f81bcd4800b19f38d281fa5c40d5\""),
        new("X-Data-As-Of", "The time of the state: later events may be missing from it. The same as meta.asOf.", "2026-11-23T09:15:02.386Z"),
        new("X-Data-Complete", "false if a part of the state is missing. The same as meta.complete.", "true"),
        new("X-Data-Stale", "true if the state is older than it should be, because it could not be read again. The same as meta.stale.", "false"),
        new("X-Row-Count", "The number of records.", "1"),
        new("Cache-Control", "How long the response can be cached: until the state must be read again. A response with stale or missing data must not be cached.", "private, max-age=8"),
    ];

    public static void MapObservations(this IEndpointRouteBuilder routes) => routes.MapGroup("/observations").WithTags("Observations")
        .RequireScope(CallerScopes.Read)
        .WithResponseHeaders(RateLimitHeaderMetadata.Limit, RateLimitHeaderMetadata.Policy)
        .WithProblems(
            ProblemType.InvalidRequest, ProblemType.Unauthenticated, ProblemType.Forbidden, ProblemType.NotAcceptable, ProblemType.UnknownQueue, ProblemType.AmbiguousQueue, ProblemType.TooLarge,
            ProblemType.CallerRateLimited, ProblemType.GenesysRefused, ProblemType.GenesysRateLimited, ProblemType.GenesysUnavailable, ProblemType.Overloaded, ProblemType.IdentityUnavailable,
            ProblemType.GenesysTimeout)
        .MapGet("", GetObservations)
        .WithName("GetObservations")
        .WithSummary("Current state of the queues")
        .WithDescription(
            "Waiting, interacting and alerting conversations per queue × media type, the longest wait and the longest interaction, and users per queue, also by presence and by routing status. "
            + "The service reads the state once for all callers. Unless meta.stale is true, the state is at most a few seconds older than Observations:MaxAge (10 s by default); meta.ageMs is the age of the state. "
            + "Durations are in milliseconds, and their names end in Ms.")
        .WithParameters(ObservationsParameterMetadata.All)
        .Produces<ObservationsResponse>()
        .WithResponseMediaTypes(ResponseFormat.BesidesJson.Select(format => new ResponseMediaType(format.MediaType, format.IsCompressed)))
        .WithResponseHeaders([.. Headers.Select(header => header with { Status = StatusCodes.Status200OK })]);

    private static Task<IResult> GetObservations(
        [AsParameters] ObservationsParameters parameters, HttpContext http, ObservationsRequestHandler handler, CancellationToken cancellationToken) =>
        handler.HandleAsync(parameters, http, cancellationToken);
}
