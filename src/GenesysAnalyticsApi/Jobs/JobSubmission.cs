using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Aggregates;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Jobs;

/// <summary>Creates a job for a query, or finds an equal one of the same caller.</summary>
internal sealed class JobSubmission(IJobStore store, JobRunner runner, JobResponses responses, AdaptiveSliceSize sizes, IOptions<JobsOptions> limits) : IQueryJobs
{
    public async Task<IResult> SubmitAsync(AggregatesParameters parameters, PlannedQuery planned, Caller caller, CancellationToken cancellationToken)
    {
        var query = planned.Query;
        var slices = planned.Plan.Slices;
        var job = new Job
        {
            Id = Guid.NewGuid().ToString("N"),
            Owner = JobOwner.Of(caller),
            Parameters = parameters,
            QueryKey = KeyOf(parameters, query),
            From = query.Interval.From,
            To = query.Interval.To,
            EndsNow = query.Interval.EndsNow,
            CreatedAt = query.Now,
            Progress = new(0, JobParts.Count(slices), slices.Sum(sizes.RequestsFor)),
        };
        var found = await store.AddAsync(job, jobs => JobAdmission.Decide(job, jobs, limits.Value), cancellationToken);
        runner.Wake();
        return new AcceptedJob(await responses.OfAsync(found, cancellationToken));
    }

    /// <summary>
    /// The interval is part of the key, because the same relative time means another interval later. An interval that ends now is the same for five minutes.
    /// The format is not part of it: a result can be read in any. Lists are equal whether they are repeated or separated by commas.
    /// </summary>
    private static string KeyOf(AggregatesParameters parameters, AggregatesQuery query)
    {
        const long FiveMinutes = 5 * 60 * 1000;
        var (from, to, endsNow) = (query.Interval.From.ToUnixTimeMilliseconds(), query.Interval.To.ToUnixTimeMilliseconds(), query.Interval.EndsNow);
        var others = QueryBody.QueryStringOf(parameters with
        {
            From = null,
            To = null,
            Interval = null,
            Last = null,
            Format = null,
            Bom = null,
            TimeZone = query.Zone.Name,
            QueueId = Items(parameters.QueueId),
            DivisionId = Items(parameters.DivisionId),
            MediaType = Items(parameters.MediaType),
            MessageType = Items(parameters.MessageType),
            UserId = Items(parameters.UserId),
            WrapUpCode = Items(parameters.WrapUpCode),
            GroupBy = Items(parameters.GroupBy),
            Metric = Items(parameters.Metric),
            Sort = Items(parameters.Sort),
        });
        var text = string.Create(CultureInfo.InvariantCulture, $"{from} {(endsNow ? to / FiveMinutes : to)} {endsNow} {others}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }

    private static string[] Items(string[]? values) => [.. AggregatesParameters.Items(values)];

    /// <summary>The 202 with the address of the job.</summary>
    private sealed class AcceptedJob(JobResponse job) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var headers = httpContext.Response.Headers;
            headers.Location = job.Links.Self;
            headers.RetryAfter = job.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            headers[AsyncPreference.AppliedHeader] = AsyncPreference.Name;
            headers.CacheControl = "no-store";
            return new BufferedJsonResult<JobResponse>(job, JobsJson.Default.JobResponse, StatusCodes.Status202Accepted).ExecuteAsync(httpContext);
        }
    }
}
