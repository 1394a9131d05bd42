using System.ComponentModel;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.AspNetCore.Mvc;

namespace GenesysAnalyticsApi.Aggregates;

internal static class AggregatesEndpoint
{
    public static IEndpointRouteBuilder MapAggregates(this IEndpointRouteBuilder routes)
    {
        Describe(routes.MapGet("/aggregates", GetAggregates))
            .WithName("GetAggregates")
            .WithSummary("Figures per queue × media type × time bucket")
            .WithDescription(
                "By default, one flat record per queue × media type × bucket, with counts (offered, answered, abandoned), handle, talk, wait and wrap-up times, and the service level. "
                + "The meta object says how old, how complete and how final the figures are. Durations are in milliseconds, and their names end in Ms. Ratios are fractions, not percentages. Intervals are half-open.");
        Describe(routes.MapPost("/aggregates/query", GetAggregates))
            .WithName("QueryAggregates")
            .WithSummary("The same figures for a query in a JSON body")
            .WithDescription(
                "For filters that are too long for a URL. The body is an object whose members are the parameters of GET /aggregates. The response is the same, "
                + "and the ETag and If-None-Match headers work in the same way. An unknown or repeated member, a value of the wrong type and a parameter in the URL are errors.")
            .WithProblems(ProblemType.UnsupportedMediaType)
            .WithMetadata(
                QueryInBody.Mark,
                new QueryBodyMetadata(
                    "AggregatesQuery",
                    "A query: the parameters of GET /aggregates under the same names. Lists are arrays of strings.",
                    """{ "period": "yesterday", "timeZone": "Europe/Berlin", "granularity": "PT1H", "queue": ["Billing*", "Sales*"], "maxAge": 60 }"""));
        return routes;
    }

    private static HeaderMetadata[] FigureHeaders { get; } =
    [
        new("X-Slices", "Number of slices by source: cached (fresh in the cache), fetched (from Genesys), stale (from the cache, although no longer fresh) or failed (missing). In a response that is read in segments, this header, X-Upstream, Server-Timing, X-Row-Count and the X-Data headers are trailers, provided that the protocol supports them.", "cached=0, fetched=1, stale=0, failed=0"),
        new("X-Upstream", "Only with the operator scope. calls: Genesys requests for this response. For all callers together, used: Genesys requests in the last minute; allowed: Genesys requests allowed per minute; reset: seconds until the oldest of the used requests no longer counts.", "calls=1, used=12, allowed=300, reset=41"),
        new("Server-Timing", "The time in milliseconds that the service spent on the response.", "total;dur=412.7"),
        new("ETag", "Weak: identifies the figures and their labels. If a request sends the ETag in If-None-Match, the response is a 304 if the figures and labels are unchanged and no data is stale, missing or omitted. A streamed response (more than Aggregates:StreamRows records) has no ETag.", "W/\"9a59f81bcd4800b19f38d281fa5c40d5\""),
        new("X-Data-As-Of", "Formats other than JSON: the fetch time of the oldest data that can still change, or of the oldest data if all of it is final, as in meta.asOf.", "2026-11-23T09:15:02Z"),
        new("X-Data-Complete", "Formats other than JSON: whether every part of the interval is present and no statistic was omitted, as in meta.complete.", "true"),
        new("X-Data-Final", "Formats other than JSON: whether every record is final and no further record can appear, as in meta.final.", "true"),
        new("X-Data-Stale", "Formats other than JSON: whether some data could not be refreshed, as in meta.stale.", "false"),
        new("X-Row-Count", "Formats other than JSON: the number of records.", "1"),
        new("Cache-Control", "How long the response can be cached: usually until one of its slices must be fetched again. A response with stale, missing or omitted data, and a response that is read in segments, must not be stored.", "private, max-age=300"),
    ];

    /// <summary>Adds the metadata that both endpoints share.</summary>
    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => endpoint
            .RequireScope(CallerScopes.Read)
            .WithTags("Aggregates")
            .WithParameters(AggregatesParameterMetadata.All)
            .Produces<AggregatesResponse>()
            .WithResponseMediaTypes(ResponseFormat.BesidesJson.Select(format => new ResponseMediaType(format.MediaType, format.IsCompressed)))
            .WithResponseHeaders(RateLimitHeaderMetadata.Limit, RateLimitHeaderMetadata.Policy)
            .WithResponseHeaders([.. FigureHeaders.Select(header => header with { Status = StatusCodes.Status200OK })])
            .WithProblems(
                ProblemType.InvalidRequest, ProblemType.Unauthenticated, ProblemType.Forbidden, ProblemType.NotAcceptable, ProblemType.UnknownQueue, ProblemType.UnknownUser, ProblemType.AmbiguousQueue, ProblemType.AmbiguousUser, ProblemType.TooLarge, ProblemType.TooWide, ProblemType.CallerRateLimited,
                ProblemType.GenesysRefused, ProblemType.GenesysRateLimited, ProblemType.GenesysUnavailable, ProblemType.Overloaded, ProblemType.IdentityUnavailable, ProblemType.GenesysTimeout)
            .WithAcceptedJob("With Prefer: respond-async, if the data is not cached: a job runs the query.")
            .WithMetadata(ServedFromResponseCache.Mark);

    private static Task<IResult> GetAggregates(
        [AsParameters] AggregatesParameters parameters,
        [FromHeader(Name = AsyncPreference.Header)]
        [Description("respond-async: if the data is not cached, the response is a 202 with the address of a job that runs the query in the background (GET /jobs/{id}). Other preferences are ignored. For example `respond-async`.")]
        string? prefer,
        HttpContext http,
        AggregatesRequestHandler handler,
        CancellationToken cancellationToken) =>
        handler.HandleAsync(parameters, AsyncPreference.IsIn(prefer), http, cancellationToken);
}
