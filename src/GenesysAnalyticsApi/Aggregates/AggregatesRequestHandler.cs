using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Handles one request for figures: waits for a slot, validates the parameters, builds the response or the explanation, and sends it.</summary>
internal sealed class AggregatesRequestHandler(
    AggregatesParametersValidator validator, AggregatesService service, ResponseCache cache, ResponseSender sender,
    LargeResponseLimiter largeResponses, WorkLimiter work, TimeProvider clock)
{
    public async Task<IResult> HandleAsync(AggregatesParameters parameters, HttpContext http, CancellationToken cancellationToken)
    {
        var (now, started) = (Instant.FromDateTimeOffset(clock.GetUtcNow()), clock.GetTimestamp());
        var caller = http.Caller();
        var key = ResponseCacheKey.Of(http.Request.QueryString.Value ?? "", now, caller.View);
        CachedResponse? cached;
        AggregatesResult? built;
        FetchStatistics statistics;
        using (var slot = await work.EnterAsync(caller.Identity, cancellationToken))
        {
            ParameterRules.ThrowIfInvalid(http.Request.Query, AggregatesParameters.Names, validator.Find(parameters, now));
            var query = AggregatesQuery.From(parameters, now);
            if (query.Explain)
            {
                return new BufferedJsonResult<ExplainedPlan>(await service.ExplainAsync(query, caller, slot, cancellationToken), ExplainJson.Default.ExplainedPlan);
            }

            var loaded = await service.ReadAsync(query, caller, slot, cancellationToken);
            await largeResponses.AcquireAsync(loaded.Rows, http, slot, started);

            // Another caller that waited for the same slices may have cached the response by now.
            cached = cache.Find(key, now);
            built = cached is null ? service.BuildResult(loaded) : null;
            if (built is not null && !sender.IsStreamed(built))
            {
                cached = new CachedResponse(ResponseJsonWriter.Write(built), built, caller.View);
                cache.Store(key, cached);
            }

            statistics = FetchStatistics.Of(cached?.Labels.Rows ?? built!.Records.Count, loaded.Read.Values, caller.View);
        }

        // The slot was released before sending, so a slow reader does not block other callers.
        await (cached is null ? sender.StreamAsync(http, built!, statistics, started) : sender.SendAsync(http, cached, statistics, started));
        return Results.Empty;
    }
}
