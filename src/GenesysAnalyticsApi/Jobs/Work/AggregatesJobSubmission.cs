using GenesysAnalyticsApi.Aggregates;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Jobs.Work;

/// <summary>A query for figures.</summary>
/// <param name="Parameters">The parameters, as the caller sent them.</param>
internal sealed record AggregatesJobQuery(AggregatesParameters Parameters) : JobQuery
{
    public override JobKind Kind => JobKind.Aggregates;

    public override string Text => QueryBody.QueryStringOf(Parameters);

    /// <summary>False for a query with <c>maxAge</c>: a caller that limits the age of figures might want newer figures than those of an earlier job.</summary>
    public override bool AcceptsEarlierResult => Parameters.MaxAge is null;
}

/// <summary>Creates jobs that read figures.</summary>
internal sealed class AggregatesJobSubmission(JobSubmission submission, LearnedSliceSize sizes) : IQueryJobs
{
    public Task<IResult> SubmitAsync(AggregatesParameters parameters, PlannedQuery planned, Caller caller, CancellationToken cancellationToken)
    {
        var (query, slices) = (planned.Query, planned.Plan.Slices);
        var progress = new JobProgress(0, JobParts.Count(slices), slices.Sum(sizes.RequestsFor));
        return submission.SubmitAsync(new AggregatesJobQuery(parameters), query.Interval, FiltersOf(parameters, query), query.Now, progress, caller, cancellationToken);
    }

    private static string FiltersOf(AggregatesParameters parameters, AggregatesQuery query) => QueryBody.QueryStringOf(parameters with
    {
        From = null,
        To = null,
        Interval = null,
        Last = null,
        Format = null,
        Bom = null,
        TimeZone = query.Zone.Name,
        QueueId = JobSubmission.Items(parameters.QueueId),
        DivisionId = JobSubmission.Items(parameters.DivisionId),
        MediaType = JobSubmission.Items(parameters.MediaType),
        MessageType = JobSubmission.Items(parameters.MessageType),
        UserId = JobSubmission.Items(parameters.UserId),
        WrapUpCode = JobSubmission.Items(parameters.WrapUpCode),
        GroupBy = JobSubmission.Items(parameters.GroupBy),
        Metric = JobSubmission.Items(parameters.Metric),
        Sort = JobSubmission.Items(parameters.Sort),
    });
}

/// <summary>Computes the results of jobs that read figures: runs the query of the job again, with the slices that the job has read.</summary>
internal sealed class AggregatesJobResult(AggregatesRequestHandler handler) : IJobResult
{
    public JobKind Kind => JobKind.Aggregates;

    public Func<CancellationToken, Task<IResult>> Prepare(Job job, string? format, string? bom, HttpContext http)
    {
        var query = handler.ResultQueryOf(((AggregatesJobQuery)job.Query).Parameters with { Format = format, Bom = bom }, job.CreatedAt, http);
        return cancellationToken => handler.SendResultAsync(query, http, cancellationToken);
    }
}
