using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Jobs;

/// <summary>Creates a job for a query, or finds a job of the same caller for an equal query.</summary>
internal sealed class JobSubmission(IJobStore store, IJobResultStore results, JobRunner runner, JobResponses responses, IOptions<JobsOptions> limits)
{
    /// <param name="filters">
    /// The parameters except the interval and the format, as a text that is the same for equal queries. The format is omitted, because the caller chooses it
    /// when reading the result.
    /// </param>
    /// <returns>The 202 response that names the job.</returns>
    /// <exception cref="ProblemException">429: the caller, or all callers together, have too many jobs that have not ended.</exception>
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
        IReadOnlyList<Job> evicted = [];
        var found = await store.AddAsync(job, Admit, cancellationToken);
        foreach (var result in evicted.Select(old => old.Result).OfType<StoredResult>())
        {
            await results.DeleteAsync(result.Id);
        }

        runner.Wake();
        return new AcceptedJob(await responses.OfAsync(found, cancellationToken));

        JobAdmissionDecision Admit(IReadOnlyList<Job> jobs)
        {
            var decision = JobAdmission.Decide(job, jobs, limits.Value);
            evicted = decision.Evicted;
            return decision;
        }
    }

    /// <summary>The items of a list parameter, whether the parameter was repeated or the items were separated by commas.</summary>
    public static string[] Items(string[]? values) => [.. ParameterRules.Items(values)];

    /// <summary>
    /// The interval is part of the key, because the same relative time means a different interval later. An interval that ends now keeps its key for up to 5
    /// minutes, so a repeated request finds the job that is already running.
    /// </summary>
    private static string KeyOf(QueryInterval interval, string filters)
    {
        const long FiveMinutes = 5 * 60 * 1000;
        var (from, to, endsNow) = (interval.From.ToUnixTimeMilliseconds(), interval.To.ToUnixTimeMilliseconds(), interval.EndsNow);
        var text = string.Create(CultureInfo.InvariantCulture, $"{from} {(endsNow ? to / FiveMinutes : to)} {endsNow} {filters}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }

    /// <summary>The 202 response with the address of the job.</summary>
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
