namespace GenesysAnalyticsApi.Jobs;

/// <summary>Limits the ended jobs of one caller. <see cref="JobsOptions.Keep"/> limits the time for which an ended job is kept.</summary>
internal static class JobRetention
{
    /// <summary>The maximum number of ended jobs of one caller, so that a caller that keeps creating jobs does not fill the memory with ended jobs.</summary>
    public const int MaxEndedPerCaller = 20;

    /// <summary>The oldest ended jobs of a caller, which are deleted so that the job that is about to be added can be kept after its end.</summary>
    public static IReadOnlyList<Job> EvictedBefore(IEnumerable<Job> own) =>
        [.. own.Where(job => job.HasEnded).OrderByDescending(job => job.EndedAt).Skip(MaxEndedPerCaller - 1)];
}
