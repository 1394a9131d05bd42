using System.ComponentModel.DataAnnotations;

namespace GenesysAnalyticsApi.Jobs;

/// <summary>Limits the number of jobs that exist at the same time, how long they are kept, and the size of their results.</summary>
internal sealed class JobsOptions
{
    public const string Section = "Jobs";

    /// <summary>The maximum number of queued and running jobs of one caller.</summary>
    [Range(1, 1_000)]
    public int MaxPerCaller { get; set; } = 3;

    /// <summary>The maximum number of queued and running jobs of all callers together; with <c>Cache:Redis</c>, on all replicas.</summary>
    [Range(1, 10_000)]
    public int MaxTotal { get; set; } = 20;

    /// <summary>
    /// How long a job is kept after its end. A caller can have at most <see cref="JobRetention.MaxEndedPerCaller"/> ended jobs, so the oldest can be deleted
    /// earlier.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan Keep { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The maximum size of all stored results together, in compressed bytes: on disk, or in Redis if <c>Cache:Redis</c> is set. With 0, no result is stored, so
    /// jobs that read conversations fail.
    /// </summary>
    [Range(0, 1024.0 * 1024 * 1024 * 1024)]
    public long MaxResultBytes { get; set; } = 128L * 1024 * 1024;
}
