namespace GenesysAnalyticsApi.Jobs;

/// <summary>Decides which ended jobs are deleted before their time (<see cref="JobsOptions.Keep"/>) is over.</summary>
internal static class JobRetention
{
    /// <summary>The maximum number of ended jobs of one caller, so that a caller that keeps creating jobs does not fill the memory with ended jobs.</summary>
    public const int MaxEndedPerCaller = 20;

    /// <summary>Returns the oldest ended jobs of a caller that are deleted to make room for a new job.</summary>
    public static IReadOnlyList<Job> EvictedBy(IEnumerable<Job> own) =>
        [.. own.Where(job => job.HasEnded).OrderByDescending(job => job.EndedAt).Skip(MaxEndedPerCaller - 1)];
}
