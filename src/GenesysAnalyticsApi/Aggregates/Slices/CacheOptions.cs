namespace GenesysAnalyticsApi.Aggregates.Slices;

/// <summary>What is kept, and with whom it is shared.</summary>
internal sealed class CacheOptions
{
    public const string Section = "Cache";

    /// <summary>Connection string; when set, slices, flights, the queue directory and the budget are shared by all replicas.</summary>
    public string? Redis { get; set; }

    /// <summary>Memory for slices in one process, in bytes.</summary>
    public long MaxBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>Memory for prepared answers in one process, in bytes.</summary>
    public long MaxAnswerBytes { get; set; } = 64L * 1024 * 1024;
}
