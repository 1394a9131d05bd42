using GenesysAnalyticsApi.Errors;

namespace GenesysAnalyticsApi.Jobs;

/// <summary>Decides whether a new job is added, an existing job for an equal query is used instead, or the request is rejected.</summary>
internal static class JobAdmission
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    /// <exception cref="ProblemException">429: the caller, or all callers together, have too many jobs that have not ended.</exception>
    public static JobAdmissionDecision Decide(Job job, IReadOnlyList<Job> jobs, JobsOptions limits)
    {
        if (jobs.Where(other => CanBeUsedInstead(job, other)).MaxBy(other => other.CreatedAt) is { } existing)
        {
            return new(existing, []);
        }

        var own = jobs.Where(other => other.IsOf(job.Owner.Caller)).ToList();
        if (own.Count(other => !other.HasEnded) >= limits.MaxPerCaller)
        {
            throw TooMany($"You have {limits.MaxPerCaller} jobs that have not ended, which is the maximum (Jobs:MaxPerCaller). Wait until one ends, or cancel one with DELETE /jobs/{{id}}.");
        }

        if (jobs.Count(other => !other.HasEnded) >= limits.MaxTotal)
        {
            throw TooMany($"All callers together have {limits.MaxTotal} jobs that have not ended, which is the maximum (Jobs:MaxTotal). Try again later.");
        }

        return new(null, JobRetention.EvictedBy(own));
    }

    /// <summary>
    /// Whether the other job can be used instead of the new one. A job that has not ended can always be used. An ended job can be used only if the job
    /// succeeded with all parts, its interval had already ended when it was created, and the new query accepts an earlier result: a caller that repeats a query
    /// with an open interval wants newer figures.
    /// </summary>
    private static bool CanBeUsedInstead(Job job, Job other) =>
        other.IsOf(job.Owner.Caller) && other.QueryKey == job.QueryKey
        && (!other.HasEnded || (other.State == JobState.Succeeded && other.FailedParts.IsEmpty && job.To <= other.CreatedAt && !job.EndsNow && job.Query.AcceptsEarlierResult));

    private static ProblemException TooMany(string detail) => new(ProblemType.TooManyJobs.WithDetail(detail) with { RetryAfter = RetryAfter });
}

/// <param name="Existing">The existing job to use; null if the new job is to be added.</param>
/// <param name="Evicted">The ended jobs of the caller that are deleted to make room for the new job.</param>
internal sealed record JobAdmissionDecision(Job? Existing, IReadOnlyList<Job> Evicted);
