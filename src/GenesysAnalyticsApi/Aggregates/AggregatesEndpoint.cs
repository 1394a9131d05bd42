using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Security.RateLimiting;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary><c>GET /aggregates</c>: the product.</summary>
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
                RateLimitHeaders.LimitMetadata, RateLimitHeaders.PolicyMetadata)
            .WithProblems(
                ProblemType.InvalidRequest, ProblemType.Unauthenticated, ProblemType.Forbidden, ProblemType.NotAcceptable, ProblemType.UnknownQueue, ProblemType.AmbiguousQueue, ProblemType.TooLarge, ProblemType.TooWide, ProblemType.CallerRateLimited,
                ProblemType.GenesysRefused, ProblemType.GenesysRateLimited, ProblemType.GenesysUnavailable, ProblemType.Overloaded, ProblemType.IdentityUnavailable, ProblemType.GenesysTimeout)
            .Add(endpoint => endpoint.RequestDelegate = TryCachedResponseFirst(endpoint.ApplicationServices, endpoint.RequestDelegate!));
        return routes;
    }

    /// <summary>A question that was asked before needs none of its parameters read, and nothing but what lives as long as the service.</summary>
    private static RequestDelegate TryCachedResponseFirst(IServiceProvider services, RequestDelegate otherwise)
    {
        var prepared = services.GetRequiredService<ResponseCache>();
        var sending = services.GetRequiredService<ResponseSender>();
        var clock = services.GetRequiredService<TimeProvider>();
        return http =>
        {
            AcceptHeader.RequireJson(http.Request);
            var (now, started) = (Instant.FromDateTimeOffset(clock.GetUtcNow()), clock.GetTimestamp());
            return prepared.Find(ResponseCacheKey.Of(http.Request.QueryString.Value ?? "", now, http.Caller().View), now) is { } ready
                ? sending.SendAsync(http, ready, ready.Again, started)
                : otherwise(http);
        };
    }

    private static async Task<IResult> GetAggregates(
        [AsParameters] AggregatesParameters parameters,
        HttpContext http,
        AggregatesParametersValidator validator,
        AggregatesService answering,
        ResponseCache prepared,
        ResponseSender sending,
        LargeResponseLimiter rows,
        WorkLimiter turns,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var (now, started) = (Instant.FromDateTimeOffset(clock.GetUtcNow()), clock.GetTimestamp());
        var caller = http.Caller();
        var key = ResponseCacheKey.Of(http.Request.QueryString.Value ?? "", now, caller.View);
        CachedResponse? answer;
        AggregatesResult? answered;
        FetchStatistics effort;
        using (var turn = await turns.EnterAsync(caller.Identity, cancellationToken))
        {
            ThrowInvalid(parameters, http.Request.Query, validator, now);
            var query = AggregatesQuery.From(parameters, now);
            if (query.Explain)
            {
                return new BufferedJsonResult<ExplainedPlan>(await answering.ExplainAsync(query, caller, turn, cancellationToken), ExplainJson.Default.ExplainedPlan);
            }

            var read = await answering.ReadAsync(query, caller, turn, cancellationToken);
            await rows.AcquireAsync(read.Rows, http, turn, started);

            // Of a crowd that has waited for the same parts, the first make the answer, and the others find it made.
            answer = prepared.Find(key, now);
            answered = answer is null ? answering.BuildResult(read) : null;
            if (answered is not null && !sending.IsStreamed(answered))
            {
                answer = new CachedResponse(ResponseJsonWriter.Write(answered), answered, caller.View);
                prepared.Store(key, answer);
            }

            effort = FetchStatistics.Of(answer?.Labels.Rows ?? answered!.Records.Count, read.Read.Values, caller.View);
        }

        // Without the turn: how fast the caller reads is not for others to wait for.
        await (answer is null ? sending.StreamAsync(http, answered!, effort, started) : sending.SendAsync(http, answer, effort, started));
        return Results.Empty;
    }

    private static void ThrowInvalid(AggregatesParameters parameters, IQueryCollection asked, AggregatesParametersValidator validator, Instant now)
    {
        var wrong = UnknownParameters.Find(asked, AggregatesParameters.Names)
            .GroupBy(error => error.Name, error => error.Message, StringComparer.Ordinal)
            .ToDictionary(errors => errors.Key, errors => errors.ToArray(), StringComparer.Ordinal);
        foreach (var (name, messages) in validator.Find(parameters, now))
        {
            wrong[name] = messages;
        }

        if (wrong.Count > 0)
        {
            throw new ProblemException(Problems.InvalidRequest(wrong));
        }
    }
}
