using System.ComponentModel;
using System.Globalization;
using System.Net.ServerSentEvents;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.OpenApi.Metadata;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.AspNetCore.Mvc;

namespace GenesysAnalyticsApi.Jobs;

/// <summary>Serves the jobs of a caller: lists and cancels jobs, and returns their state, progress and results. Callers see only their own jobs.</summary>
internal static class JobsEndpoint
{
    private static readonly Dictionary<string, ParameterMetadata> IdOnly = new(StringComparer.Ordinal) { ["id"] = new("5f0c2b7e9a414d0c8f5f6a3e2b1d4c90") };

    private static readonly Dictionary<string, ParameterMetadata> ResultParameters = new(IdOnly, StringComparer.Ordinal)
    {
        ["format"] = AggregatesParameterMetadata.All["format"],
        ["bom"] = AggregatesParameterMetadata.All["bom"],
    };

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/jobs").WithTags("Jobs")
            .RequireScope(CallerScopes.Read)
            .WithResponseHeaders(RateLimitHeaderMetadata.Limit, RateLimitHeaderMetadata.Policy)
            .WithProblems(ProblemType.NotAcceptable, ProblemType.CallerRateLimited)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);

        jobs.MapGet("", ListJobs)
            .WithName("ListJobs")
            .WithSummary("Lists your jobs")
            .WithDescription("The caller's own jobs, with the newest first. GET /aggregates, POST /aggregates/query and GET /conversations create a job if the request has the Prefer: respond-async header.")
            .RequireJsonAccepted()
            .Produces<JobsResponse>();

        var job = jobs.MapGroup("{id}").WithProblems(ProblemType.UnknownJob, ProblemType.Overloaded);
        job.MapGet("", GetJob)
            .WithName("GetJob")
            .WithSummary("Shows the state and the progress of a job")
            .WithDescription("Until the job has ended, the Retry-After header contains the number of seconds after which to read the job again.")
            .WithParameters(IdOnly)
            .RequireJsonAccepted()
            .Produces<JobResponse>()
            .WithResponseHeaders(new HeaderMetadata("Retry-After", "Seconds after which to read the job again. Absent when the job has ended.", "7"));

        job.MapGet("events", GetJobEvents)
            .WithName("GetJobEvents")
            .WithSummary("Reports the progress of a job as server-sent events")
            .WithDescription(
                "The data of each event is the job, as GET /jobs/{id} returns it. The service sends an event at once, after every change, and at least every 15 seconds. Events have the "
                + "type progress; when the job has ended, the service sends a last event with the type ended and ends the response.")
            .WithParameters(IdOnly)
            .RequireEventsAccepted()
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), ["text/event-stream"]) { Description = "Events until the job has ended." });

        job.MapGet("result", GetJobResult)
            .WithName("GetJobResult")
            .WithSummary("Returns the result of a job, in any format")
            .WithDescription(
                "For a job of the kind aggregates, the response of GET /aggregates to the query of the job. Its figures were fetched after the job was created or were still fresh "
                + "then, unless meta.stale is true. The service tries once more to fetch the parts that the job could not fetch. For a job of the kind conversations, the response of GET /conversations with "
                + "all records, in json, ndjson, csv or parquet, which needs the details scope. Until the job has succeeded, the response is a 409.")
            .WithParameters(ResultParameters)
            .Produces<AggregatesResponse>()
            .WithResponseMediaTypes(ResponseFormat.BesidesJson.Select(format => new ResponseMediaType(format.MediaType, format.IsCompressed)))
            .WithProblems(
                ProblemType.JobWithoutResult, ProblemType.TooLarge, ProblemType.GenesysRefused, ProblemType.GenesysRateLimited, ProblemType.GenesysUnavailable,
                ProblemType.Overloaded, ProblemType.GenesysTimeout);

        job.MapDelete("", CancelJob)
            .WithName("CancelJob")
            .WithSummary("Cancels a job")
            .WithDescription("Figures that the job has fetched stay in the cache. A job that has already ended does not change.")
            .WithParameters(IdOnly)
            .Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListJobs(HttpRequest request, IJobStore store, JobResponses responses, CancellationToken cancellationToken)
    {
        ParameterRules.ThrowIfInvalid(request.Query, [], []);
        var all = await store.ListAsync(cancellationToken);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        var own = all.Where(job => job.IsOf(request.HttpContext.Caller())).OrderByDescending(job => job.CreatedAt).ThenBy(job => job.Id, StringComparer.Ordinal);
        return new BufferedJsonResult<JobsResponse>(new([.. own.Select(job => responses.Of(job, all))]), JobsJson.Default.JobsResponse);
    }

    private static async Task<IResult> GetJob(
        [Description("The job's id.")] string id, HttpRequest request, IJobStore store, JobResponses responses, CancellationToken cancellationToken)
    {
        ParameterRules.ThrowIfInvalid(request.Query, [], []);
        var job = await responses.OfAsync(await FindAsync(id, request, store, cancellationToken), cancellationToken);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        if (job.EndedAt is null)
        {
            request.HttpContext.Response.Headers.RetryAfter = job.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }

        return new BufferedJsonResult<JobResponse>(job, JobsJson.Default.JobResponse);
    }

    private static async Task<IResult> GetJobEvents(
        [Description("The job's id.")] string id, HttpRequest request, IJobStore store, JobEvents events, CancellationToken cancellationToken)
    {
        ParameterRules.ThrowIfInvalid(request.Query, [], []);
        var job = await FindAsync(id, request, store, cancellationToken);
        return TypedResults.ServerSentEvents(request.HttpContext.Response.IsToHead() ? AsyncEnumerable.Empty<SseItem<string>>() : events.OfAsync(job, cancellationToken));
    }

    private static async Task<IResult> GetJobResult(
        [Description("The job's id.")] string id,
        [Description("Format of the response, instead of the Accept header.")] string? format,
        [Description("true: a CSV body starts with a byte order mark, without which Excel shows accented characters incorrectly. With format=csv only.")] string? bom,
        HttpRequest request,
        IJobStore store,
        JobResponses responses,
        [FromServices] IEnumerable<IJobResult> results,
        CancellationToken cancellationToken)
    {
        var job = await FindAsync(id, request, store, cancellationToken);
        var sendAsync = results.First(result => result.Kind == job.Query.Kind).Prepare(job, format, bom, request.HttpContext);
        return job.State == JobState.Succeeded
            ? await sendAsync(cancellationToken)
            : throw new ProblemException(JobProblems.WithoutResult(job, await responses.OfAsync(job, cancellationToken)));
    }

    private static async Task<IResult> CancelJob(
        [Description("The job's id.")] string id, HttpRequest request, IJobStore store, JobRunner runner, CancellationToken cancellationToken)
    {
        ParameterRules.ThrowIfInvalid(request.Query, [], []);
        await runner.CancelAsync(await FindAsync(id, request, store, cancellationToken));
        return TypedResults.NoContent();
    }

    private static async Task<Job> FindAsync(string id, HttpRequest request, IJobStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } job && job.IsOf(request.HttpContext.Caller())
            ? job
            : throw new ProblemException(JobProblems.Unknown(id, request.HttpContext.RequestServices.GetRequiredService<IOptions<JobsOptions>>().Value.Keep, store.IsShared));
}
