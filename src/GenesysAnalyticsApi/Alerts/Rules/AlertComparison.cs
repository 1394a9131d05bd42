namespace GenesysAnalyticsApi.Alerts.Rules;

/// <summary>How a figure is compared with the threshold of a rule.</summary>
internal enum AlertComparison
{
    Above,
    AtLeast,
    Below,
    AtMost,
}

/// <summary>What each comparison means, and its names.</summary>
internal static class AlertComparisons
{
    /// <summary>Whether high values breach the threshold.</summary>
    public static bool IsUpwards(this AlertComparison comparison) => comparison is AlertComparison.Above or AlertComparison.AtLeast;

    public static bool IsBreached(this AlertComparison comparison, double value, double threshold) => comparison switch
    {
        AlertComparison.Above => value > threshold,
        AlertComparison.AtLeast => value >= threshold,
        AlertComparison.Below => value < threshold,
        _ => value <= threshold,
    };

    /// <summary>Whether the value has reached or passed the threshold for the end of an alert.</summary>
    public static bool IsCleared(this AlertComparison comparison, double value, double clearThreshold) =>
        comparison.IsUpwards() ? value <= clearThreshold : value >= clearThreshold;

    /// <summary>The name in responses and webhooks.</summary>
    public static string Name(this AlertComparison comparison) => comparison switch
    {
        AlertComparison.Above => "above",
        AlertComparison.AtLeast => "atLeast",
        AlertComparison.Below => "below",
        _ => "atMost",
    };

    /// <summary>The words for a sentence, such as "at or above".</summary>
    public static string Words(this AlertComparison comparison) => comparison switch
    {
        AlertComparison.Above => "above",
        AlertComparison.AtLeast => "at or above",
        AlertComparison.Below => "below",
        _ => "at or below",
    };
}
