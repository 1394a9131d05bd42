using System.ComponentModel;
using GenesysAnalyticsApi.Aggregates.Admission;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Failures;
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

    /// <summary>Adds the metadata that both endpoints share.</summary>
    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => endpoint
            .RequireScope(CallerScopes.Read)
            .WithTags("Aggregates")
            .WithParameters(AggregatesParameterMetadata.All)
            .Produces<AggregatesResponse>()
            .WithResponseMediaTypes(ResponseFormat.BesidesJson.Select(format => new ResponseMediaType(format.MediaType, format.IsCompressed)))
            .WithResponseHeaders(RateLimitHeaderMetadata.Limit, RateLimitHeaderMetadata.Policy)
            .WithResponseHeaders([.. ResponseHeaders.Descriptions.Select(header => header with { Status = StatusCodes.Status200OK })])
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

/// <summary>
/// Handles requests for figures: waits for a slot and validates the parameters; then sends the figures or the plan of the query (<c>explain</c>), or submits
/// a job.
/// </summary>
internal sealed partial class AggregatesRequestHandler(
    AggregatesParametersValidator validator, AggregatesService service, SegmentReader segments, ResponseCache cache, ResponseSender sender,
    LargeResponseLimiter largeResponses, WorkLimiter work, IQueryJobs jobs, TimeProvider clock, ILogger<AggregatesRequestHandler> logger)
{
    /// <summary>The parameters with which a caller selects the format of a job's result.</summary>
    public static readonly string[] ResultParameters = ["format", "bom"];

    /// <param name="mayBecomeJob">Whether the caller accepts a job instead of waiting.</param>
    public async Task<IResult> HandleAsync(AggregatesParameters parameters, bool mayBecomeJob, HttpContext http, CancellationToken cancellationToken)
    {
        var (now, startTimestamp) = (Instant.FromDateTimeOffset(clock.GetUtcNow()), clock.GetTimestamp());
        var caller = http.Caller();
        var accepted = AcceptedFormat(parameters.Format, http.Request);
        var format = ResponseFormat.Of(parameters.Format, accepted);
        using var slot = await work.EnterAsync(caller.Identity, cancellationToken);
        ParameterRules.ThrowIfInvalid(http.Request.Query, AggregatesParameters.Names, AggregatesParameters.RepeatableNames, validator.ErrorsOf(parameters, now, format));
        var query = AggregatesQuery.From(parameters, now, format!);
        RequireScope(query, caller);
        if (query.Explain)
        {
            return new BufferedJsonResult<ExplainedPlan>(await service.ExplainAsync(query, caller, slot, cancellationToken), ExplainJson.Default.ExplainedPlan);
        }

        if (mayBecomeJob && await SubmitAsync(parameters, now, caller, slot, cancellationToken) is { } submitted)
        {
            return submitted;
        }

        var key = ResponseCacheKey.Of(http.Request.QueryString.Value ?? "", now, caller.Visibility, accepted);
        return await AnswerAsync(query, key, slot, http, startTimestamp, cancellationToken);
    }

    /// <summary>Validates a request for the result of a job, and returns the query that computes the result.</summary>
    /// <param name="parameters">The parameters of the job's query, with the format of this response.</param>
    public AggregatesQuery ResultQueryOf(AggregatesParameters parameters, Instant createdAt, HttpContext http)
    {
        var format = ResponseFormat.Of(parameters.Format, AcceptedFormat(parameters.Format, http.Request));
        ParameterRules.ThrowIfInvalid(http.Request.Query, ResultParameters, [], validator.ErrorsOf(parameters, createdAt, format));
        var query = AggregatesQuery.From(parameters, createdAt, format!) with { JobCreatedAt = createdAt };
        RequireScope(query, http.Caller());
        return query;
    }

    /// <summary>
    /// Sends the result of a job: runs its query on the cached slices that were fresh when the job was created or have been fetched since. Fetches slices that
    /// are no longer cached.
    /// </summary>
    public async Task<IResult> SendResultAsync(AggregatesQuery query, HttpContext http, CancellationToken cancellationToken)
    {
        var startTimestamp = clock.GetTimestamp();
        using var slot = await work.EnterAsync(http.Caller().Identity, cancellationToken);
        return await AnswerAsync(query, key: null, slot, http, startTimestamp, cancellationToken);
    }

    private static ResponseFormat? AcceptedFormat(string? format, HttpRequest request)
    {
        var accept = request.Headers.Accept;
        var accepted = ResponseFormat.Accepted(accept);
        return format is null && accepted is null ? throw ResponseFormat.NotAcceptable(accept) : accepted;
    }

    private static void RequireScope(AggregatesQuery query, Caller caller)
    {
        if (query.IsAboutAgents && !caller.May(CallerScopes.Agents))
        {
            throw new ProblemException(ProblemFactory.Forbidden(CallerScopeNames.Agents));
        }
    }

    /// <returns>Null if all slices are cached. The caller then does not have to wait for Genesys.</returns>
    private async Task<IResult?> SubmitAsync(AggregatesParameters parameters, Instant now, Caller caller, WorkSlot slot, CancellationToken cancellationToken)
    {
        using var deadline = service.NewDeadline(cancellationToken);
        var planned = await service.PlanAsync(AggregatesQuery.OfJob(parameters, now), caller, slot, deadline, cancellationToken);
        return await service.IsCachedAsync(planned, cancellationToken) ? null : await jobs.SubmitAsync(parameters, planned, caller, cancellationToken);
    }

    /// <param name="key">The key under which to cache the response; null for a response that is not cached.</param>
    private async Task<IResult> AnswerAsync(AggregatesQuery query, ResponseCacheKey? key, WorkSlot slot, HttpContext http, long startTimestamp, CancellationToken cancellationToken)
    {
        var caller = http.Caller();
        using var deadline = service.NewDeadline(cancellationToken);
        var planned = await service.PlanAsync(query, caller, slot, deadline, cancellationToken);
        if (planned.IsSegmented && http.Response.IsToHead())
        {
            ResponseSender.BeginStream(http, query.Format);
            return Results.Empty;
        }

        if (planned.IsSegmented)
        {
            await SendSegmentsAsync(planned, caller, slot, deadline, http, startTimestamp);
            return Results.Empty;
        }

        var loaded = await service.ReadAsync(planned, deadline, cancellationToken);
        await largeResponses.AcquireAsync(loaded.EstimatedRowCount, http, slot, startTimestamp);

        // Another caller that waited for the same slices might have cached the response in the meantime.
        var cached = key is { } lookupKey ? cache.Find(lookupKey, caller, query.Now) : null;
        var built = cached is null ? service.BuildResult(loaded) : null;
        if (built is not null && !sender.IsStreamed(built))
        {
            cached = new CachedResponse(query.Format, await sender.WriteAsync(built, query.Format), built, caller.Visibility);
            if (key is { } storeKey)
            {
                cache.Store(storeKey, cached);
            }
        }

        var statistics = FetchStatistics.Of(cached?.Labels.Rows ?? built!.Records.Count, loaded.Outcomes.Values, caller.Visibility);

        // The slot is released before sending, so that a slow reader does not block other callers.
        slot.Dispose();
        await (cached is null ? sender.StreamAsync(http, built!, query.Format, statistics, startTimestamp) : sender.SendAsync(http, cached, statistics, startTimestamp));
        return Results.Empty;
    }

    private async Task SendSegmentsAsync(PlannedQuery planned, Caller caller, WorkSlot slot, RequestDeadline deadline, HttpContext http, long startTimestamp)
    {
        await using var results = segments.ReadAsync(planned, deadline, http.RequestAborted).GetAsyncEnumerator(http.RequestAborted);

        // The first segment is read before anything is sent: if it fails, the response can still have an error status.
        await results.MoveNextAsync();
        await largeResponses.AcquireAsync(Math.Max(Math.Max(segments.Rows, results.Current.Records.Count), LargeResponseLimiter.MaxUnlimitedRows + 1), http, slot, startTimestamp);

        // A slow reader must not block other callers.
        slot.Release();
        var wasAborted = false;
        try
        {
            await sender.StreamAsync(http, ContinueAsync(), planned.Query.Format, caller.Visibility, startTimestamp);
        }
        catch (Exception) when (wasAborted)
        {
            // The failure has been logged, and the caller sees that the connection was closed.
        }

        async IAsyncEnumerable<AggregatesResult> ContinueAsync()
        {
            var hasMore = true;
            while (hasMore)
            {
                var rows = results.Current.Meta.Rows.Returned;
                yield return results.Current;
                try
                {
                    hasMore = await results.MoveNextAsync();
                }
                catch (Exception failure) when (!http.RequestAborted.IsCancellationRequested)
                {
                    wasAborted = true;
                    Log.BrokenOff(logger, rows, ReasonOf(failure), failure is GenesysException or ProblemException ? null : failure);

                    // The connection is aborted before the writer is disposed, because disposing would write a valid end of the body.
                    http.Abort();
                    throw;
                }
            }
        }
    }

    // The message of Genesys is not logged, because it can quote the request.
    private static string ReasonOf(Exception failure) => failure switch
    {
        GenesysException { Failure: var genesys } => $"{genesys.Kind.ToWireName()} (status {genesys.Status}, code {genesys.Code}, correlation id {genesys.CorrelationId})",
        ProblemException { Problem: var problem } => problem.Detail ?? problem.Title,
        _ => failure.GetType().Name,
    };

    private static partial class Log
    {
        [LoggerMessage(4008, LogLevel.Warning, "A response was aborted after {Rows} rows: {Reason}")]
        public static partial void BrokenOff(ILogger logger, int rows, string reason, Exception? exception);
    }
}
