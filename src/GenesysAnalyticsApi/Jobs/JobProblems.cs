using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Jobs;

/// <summary>The problems that only the job endpoints return.</summary>
internal static class JobProblems
{
    /// <summary>The problem for a job that does not exist, or that belongs to another caller. The text does not reveal which of the two applies.</summary>
    /// <param name="kept">How long the service keeps a job after its end.</param>
    public static Problem Unknown(string id, TimeSpan kept, bool isShared) => ProblemType.UnknownJob.WithDetail(
        $"You have no job with the id '{InputExcerpt.Of(id)}'. The service deletes a job {Math.Floor(kept.TotalMinutes):0} minutes after its end (Jobs:Keep), or earlier, when you create a job while you have {JobRetention.MaxEndedPerCaller} ended jobs"
        + (isShared ? "" : ", and a restart of the service deletes all jobs, because Cache:Redis is not set") + ". Send the query again with the header 'Prefer: respond-async'.");

    /// <summary>The problem for a job that this replica cannot look up, although another replica might have it.</summary>
    public static Problem Unavailable() => ProblemFactory.Overloaded("The job cannot be looked up, because the Redis that the replicas share is unavailable or slow (Cache:Redis). Try again.", TimeSpan.FromSeconds(5));

    public static Problem WithoutResult(Job job, JobResponse shown) => ProblemType.JobWithoutResult.WithDetail(job.State switch
    {
        JobState.Failed => $"The job failed, so it has no result: {job.Error?.Detail ?? job.Error?.Title}",
        JobState.Cancelled => "The job was cancelled, so it has no result. Send the query again. Figures that a job of the kind aggregates had fetched are still in the cache.",
        var state => $"The job is {(state == JobState.Queued ? "queued" : "running")}. Read its result when its state is succeeded.",
    }) with
    {
        RetryAfter = job.HasEnded ? null : TimeSpan.FromSeconds(shown.RetryAfterSeconds),
    };
}
