using System.ComponentModel.DataAnnotations;

namespace GenesysAnalyticsApi.Reconciliation;

/// <summary>Limits the size, number and duration of reconciliations.</summary>
internal sealed class ReconciliationOptions
{
    public const string Section = "Reconciliation";

    /// <summary>The longest interval of a reconciliation with conversations, in days. Two more hours are tolerated.</summary>
    [Range(1, 366)]
    public int MaxDays { get; set; } = 31;

    /// <summary>The maximum number of cells (queue × media type × bucket) that one reconciliation compares with conversations.</summary>
    [Range(1, 10_000_000)]
    public int MaxCells { get; set; } = 100_000;

    /// <summary>The maximum number of reconciliations with conversations that this process runs at the same time.</summary>
    [Range(1, 100)]
    public int MaxConcurrent { get; set; } = 2;

    /// <summary>The maximum time for reading the conversations of one reconciliation, or the aggregates for one export.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "06:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(10);
}
