using System.ComponentModel.DataAnnotations;

namespace GenesysAnalyticsApi.Reconciliation;

/// <summary>Limits what one reconciliation may cost.</summary>
internal sealed class ReconciliationOptions
{
    public const string Section = "Reconciliation";

    /// <summary>The longest interval whose conversations are read, in days.</summary>
    [Range(1, 366)]
    public int MaxDays { get; set; } = 31;

    /// <summary>The most cells (queue × media type × bucket) that one reconciliation compares.</summary>
    [Range(1, 10_000_000)]
    public int MaxCells { get; set; } = 100_000;

    /// <summary>The most comparisons with conversations that run at the same time.</summary>
    [Range(1, 100)]
    public int MaxConcurrent { get; set; } = 2;

    /// <summary>Time limit for reading the conversations of one reconciliation, or the aggregates for one export.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "06:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);
}
