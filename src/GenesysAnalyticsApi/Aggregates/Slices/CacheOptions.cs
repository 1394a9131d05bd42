namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>The settings of the caches.</summary>
internal sealed class CacheOptions
{
    public const string Section = "Cache";

    /// <summary>A connection string. If set, all replicas share slices, fetches, the queue directory and the rate limit.</summary>
    public string? Redis { get; set; }

    /// <summary>The memory for slices in one process, in bytes.</summary>
    public long MaxBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>The memory for cached responses in one process, in bytes.</summary>
    public long MaxAnswerBytes { get; set; } = 64L * 1024 * 1024;
}
