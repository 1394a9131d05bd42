using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Reconciliation;

/// <summary>Serves GET /reconciliation, and maps POST /reconciliation/exports (<see cref="ExportsEndpoint"/>).</summary>
internal static class ReconciliationEndpoint
{
    public static void MapReconciliation(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/reconciliation").WithTags("Reconciliation")
            .WithResponseHeaders(RateLimitHeaderMetadata.Limit, RateLimitHeaderMetadata.Policy)
            .WithProblems(
                ProblemType.InvalidRequest, ProblemType.Unauthenticated, ProblemType.Forbidden, ProblemType.NotAcceptable, ProblemType.UnknownQueue, ProblemType.AmbiguousQueue, ProblemType.TooLarge,
                ProblemType.TooWide, ProblemType.CallerRateLimited, ProblemType.GenesysRefused, ProblemType.GenesysRateLimited, ProblemType.GenesysUnavailable, ProblemType.Overloaded,
                ProblemType.IdentityUnavailable, ProblemType.GenesysTimeout);

        group.MapGet("", GetReconciliation)
            .RequireScope(CallerScopes.Read | CallerScopes.Details)
            .WithName("GetReconciliation")
            .WithSummary("Compares the figures of GET /aggregates with the same figures counted from conversations")
            .WithDescription(
                "Reads all conversations of the interval, counts their metric events per queue × media type × bucket, and compares each figure with the figure of GET /aggregates. The response contains both values, "
                + "the difference and its cause. This needs about one Genesys request per 100 conversations, so choose a short interval or few queues. The response contains nothing about individual conversations. "
                + "Needs the read and details scopes.")
            .WithParameters(ReconciliationParameters.Metadata)
            .Produces<ReconciliationResponse>()
            .WithResponseHeaders(
                new("X-Data-As-Of", "In CSV: the earlier of meta.aggregatesAsOf and meta.conversationsAsOf.", "2026-11-23T09:15:02Z") { Status = StatusCodes.Status200OK },
                new("X-Data-Complete", "In CSV: false if something was omitted or dropped. Equals meta.complete.", "true") { Status = StatusCodes.Status200OK },
                new("X-Row-Count", "In CSV: the number of returned cells. Equals meta.rows.returned.", "0") { Status = StatusCodes.Status200OK },
                new("X-Total-Count", "In CSV: the number of cells before limit was applied. Equals meta.rows.total.", "0") { Status = StatusCodes.Status200OK })
            .WithResponseMediaTypes([new ResponseMediaType(ResponseFormat.Csv.MediaType, IsBinary: false)]);
        group.MapExports();
    }

    private static async Task<IResult> GetReconciliation(
        [AsParameters] ReconciliationParameters parameters, HttpContext http, ReconciliationService service, AggregatesParametersValidator validator,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = Instant.FromDateTimeOffset(clock.GetUtcNow());
        var format = ResponseFormat.Of(parameters.Format, http.Request.Headers.Accept, ReconciliationParameters.Formats);
        var selection = parameters.ToAggregates();
        var errors = validator.ErrorsOf(selection, now, ResponseFormat.Json, ReconciliationParameters.Names).Concat(parameters.OwnErrors()).ToDictionary(StringComparer.Ordinal);
        ParameterRules.ThrowIfInvalid(http.Request.Query, ReconciliationParameters.Names, ReconciliationParameters.RepeatableNames, errors);

        var result = await service.ReconcileAsync(AggregatesQuery.From(selection, now, ResponseFormat.Json), http.Caller(), cancellationToken);
        var limit = parameters.Limit is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : ReconciliationParameters.DefaultLimit;
        var response = ReconciliationReport.Of(result, showsAll: parameters.Only == "all", limit);
        http.Response.Headers.CacheControl = "no-store";
        if (format == ResponseFormat.Csv)
        {
            // A CSV body cannot state that limit cut it off, or how old and how complete its data is. The times have one length, so their text sorts like them.
            http.Response.Headers["X-Data-As-Of"] = new[] { response.Meta.AggregatesAsOf, response.Meta.ConversationsAsOf }.OfType<string>().Min(StringComparer.Ordinal);
            http.Response.Headers["X-Data-Complete"] = response.Meta.Complete ? "true" : "false";
            http.Response.Headers["X-Row-Count"] = response.Meta.Rows.Returned.ToString(CultureInfo.InvariantCulture);
            http.Response.Headers["X-Total-Count"] = response.Meta.Rows.Total.ToString(CultureInfo.InvariantCulture);
        }

        return format == ResponseFormat.Csv
            ? Results.Bytes(ReconciliationCsv.Of(response), ResponseFormat.Csv.ContentType, "reconciliation.csv")
            : new BufferedJsonResult<ReconciliationResponse>(response, ReconciliationJson.Readable.ReconciliationResponse);
    }
}
