using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Jobs;

/// <summary>Creates a job for a query, or finds an equal one of the same caller.</summary>
internal sealed class JobSubmission(IJobStore store, IJobResultStore results, JobRunner runner, JobResponses responses, IOptions<JobsOptions> limits)
{
    /// <param name="filters">
    /// The parameters apart from the interval and the format, with the same text for equal queries. The format is omitted, because a result can be read in any
    /// format.
    /// </param>
    /// <returns>The 202 that names the job.</returns>
    /// <exception cref="ProblemException">429: the caller, or all callers together, have too many jobs.</exception>
    public async Task<IResult> SubmitAsync(
        JobQuery query, QueryInterval interval, string filters, Instant now, JobProgress progress, Caller caller, CancellationToken cancellationToken)
    {
        var job = new Job
        {
            Id = Guid.NewGuid().ToString("N"),
            Owner = JobOwner.Of(caller),
            Query = query,
            QueryKey = KeyOf(interval, filters),
            From = interval.From,
            To = interval.To,
            EndsNow = interval.EndsNow,
            CreatedAt = now,
            Progress = progress,
        };
        IReadOnlyList<Job> forgotten = [];
        var found = await store.AddAsync(job, Admit, cancellationToken);
        foreach (var result in forgotten.Select(old => old.Result).OfType<StoredResult>())
        {
            await results.DeleteAsync(result.Id);
        }

        runner.Wake();
        return new AcceptedJob(await responses.OfAsync(found, cancellationToken));

        JobAdmissionDecision Admit(IReadOnlyList<Job> jobs)
        {
            var admitted = JobAdmission.Decide(job, jobs, limits.Value);
            forgotten = admitted.Evicted;
            return admitted;
        }
    }

    /// <summary>The items of a list, whether they are repeated or separated by commas.</summary>
    public static string[] Items(string[]? values) => [.. AggregatesParameters.Items(values)];

    /// <summary>
    /// The interval is part of the key, because a relative time later means another interval. An interval that ends now keeps its key for up to 5 minutes.
    /// </summary>
    private static string KeyOf(QueryInterval interval, string filters)
    {
        const long FiveMinutes = 5 * 60 * 1000;
        var (from, to, endsNow) = (interval.From.ToUnixTimeMilliseconds(), interval.To.ToUnixTimeMilliseconds(), interval.EndsNow);
        var text = string.Create(CultureInfo.InvariantCulture, $"{from} {(endsNow ? to / FiveMinutes : to)} {endsNow} {filters}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }

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
