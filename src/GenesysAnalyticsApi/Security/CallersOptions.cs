namespace GenesysAnalyticsApi.Security;

/// <summary>What each caller may take of the service.</summary>
internal sealed class CallersOptions
{
    public const string Section = "Callers";

    /// <summary>Of one caller; a key's own <c>RequestsPerMinute</c> wins.</summary>
    public int RequestsPerMinute { get; set; } = 1200;

    /// <summary>Requests of one caller at the same time; as many again wait for their turn.</summary>
    public int MaxConcurrent { get; set; } = 256;
}
