using System.Globalization;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.OpenApi;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Serilog;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary><c>GET /aggregates</c>: the product.</summary>
internal static class AggregatesEndpoint
{
    public static IEndpointRouteBuilder MapAggregates(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/aggregates", GetAggregates)
            .WithTags("Aggregates")
            .WithName("GetAggregates")
            .WithSummary("Figures per queue × media type × time bucket")
            .WithDescription(
                "One flat record per queue × media type × bucket: offered, answered, abandoned, handle, talk, wait and wrap-up time, service level. "
                + "meta says how old, how complete and how final the figures are. Durations are milliseconds and end in Ms, ratios are 0–1, intervals are half-open.")
            .Takes(AggregatesParameterFacts.All)
            .Produces<AggregatesAnswer>()
            .Sends(
                new("X-Slices", "Where the data came from: parts that were kept, fetched for this request, kept but older than they should be, missing.", "cached=0, fetched=1, stale=0, failed=0"),
                new("X-Upstream", "Calls to Genesys Cloud for this request; of all callers: requests of the last minute, those allowed, seconds until more are.", "calls=1, used=12, allowed=300, reset=41"),
                new("Server-Timing", "Milliseconds that the answer took.", "total;dur=412.7"),
                new("Cache-Control", "How long the answer may be kept.", "no-store"))
            .Answers(
                ProblemType.InvalidRequest, ProblemType.UnknownQueue, ProblemType.AmbiguousQueue, ProblemType.TooLarge, ProblemType.TooWide,
                ProblemType.GenesysRefused, ProblemType.GenesysRateLimited, ProblemType.GenesysUnavailable, ProblemType.GenesysTimeout);
        return routes;
    }

    private static async Task<JsonHttpResult<AggregatesAnswer>> GetAggregates(
        [AsParameters] AggregatesParameters parameters,
        HttpContext http,
        AggregatesParametersValidator validator,
        AggregatesAnswering answering,
        GenesysBudget budget,
        IDiagnosticContext diagnostics,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        var started = clock.GetTimestamp();
        var wrong = UnknownParameters.Find(http.Request.Query, AggregatesParameters.Names)
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

        var (answer, slices) = await answering.AnswerAsync(AggregatesQuery.From(parameters, now), cancellationToken);
        var failed = slices.Count(slice => slice.Failure is not null);
        var calls = slices.Sum(slice => slice.Calls);
        var state = budget.State;
        diagnostics.Set("Rows", answer.Records.Count);
        diagnostics.Set("Slices", slices.Count);
        diagnostics.Set("UpstreamCalls", calls);
        var headers = http.Response.Headers;
        headers["X-Slices"] = string.Create(CultureInfo.InvariantCulture, $"cached=0, fetched={slices.Count - failed}, stale=0, failed={failed}");
        headers["X-Upstream"] = string.Create(CultureInfo.InvariantCulture, $"calls={calls}, used={state.Used}, allowed={state.Allowed}, reset={state.ResetSeconds}");
        headers["Server-Timing"] = string.Create(CultureInfo.InvariantCulture, $"total;dur={clock.GetElapsedTime(started).TotalMilliseconds:0.0}");
        headers.CacheControl = "no-store";
        return TypedResults.Json(answer, AnswerJson.TypeInfo);
    }
}
