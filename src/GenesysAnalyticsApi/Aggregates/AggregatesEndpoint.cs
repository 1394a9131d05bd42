using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Aggregates;

internal static class AggregatesEndpoint
{
    public static IEndpointRouteBuilder MapAggregates(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/aggregates", GetAggregates)
            .RequireScope(CallerScopes.Read)
            .WithTags("Aggregates")
            .WithName("GetAggregates")
            .WithSummary("Figures per queue × media type × time bucket")
            .WithDescription(
                "One flat record per queue × media type × bucket: offered, answered, abandoned, handle, talk, wait and wrap-up time, service level. "
                + "meta says how old, how complete and how final the figures are. Durations are milliseconds and end in Ms, ratios are 0–1, intervals are half-open.")
            .WithParameters(AggregatesParameterMetadata.All)
            .Produces<AggregatesResponse>()
            .WithResponseHeaders(
                new("X-Slices", "Where the data came from: parts that were kept, fetched for this request, kept but older than they should be, missing.", "cached=0, fetched=1, stale=0, failed=0"),
                new("X-Upstream", "With the scope operator only. Calls to Genesys Cloud for this request; of all callers: requests of the last minute, those allowed, seconds until more are.", "calls=1, used=12, allowed=300, reset=41"),
                new("Server-Timing", "Milliseconds that the answer took.", "total;dur=412.7"),
                new("ETag", "Weak: of the figures and their labels. If-None-Match with it gives 304 while they are the same. Not where an answer has so many records that it is only streamed.", "W/\"9a59f81bcd4800b19f38d281fa5c40d5\""),
                new("Cache-Control", "How long the answer may be kept: until its first part is due; not at all where something is stale or missing.", "private, max-age=300"),
                RateLimitHeaderMetadata.Limit, RateLimitHeaderMetadata.Policy)
            .WithProblems(
                ProblemType.InvalidRequest, ProblemType.Unauthenticated, ProblemType.Forbidden, ProblemType.NotAcceptable, ProblemType.UnknownQueue, ProblemType.AmbiguousQueue, ProblemType.TooLarge, ProblemType.TooWide, ProblemType.CallerRateLimited,
                ProblemType.GenesysRefused, ProblemType.GenesysRateLimited, ProblemType.GenesysUnavailable, ProblemType.Overloaded, ProblemType.IdentityUnavailable, ProblemType.GenesysTimeout)
            .WithMetadata(ServedFromResponseCache.Mark);
        return routes;
    }

    private static Task<IResult> GetAggregates(
        [AsParameters] AggregatesParameters parameters, HttpContext http, AggregatesRequestHandler handler, CancellationToken cancellationToken) =>
        handler.HandleAsync(parameters, http, cancellationToken);
}
