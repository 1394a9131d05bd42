namespace GenesysAnalyticsApi.Facts;

/// <summary>The statistics of a metric that are stored. Those stored as doubles come first.</summary>
internal enum Statistic
{
    Sum,
    Min,
    Max,
    Numerator,
    Denominator,
    Target,
    P95,
    P99,
    Count,

    /// <summary>Every statistic of the metric, where a reply has none that can be told apart.</summary>
    All,
}

internal static class Statistics
{
    /// <summary>The number of statistics that are stored as doubles.</summary>
    public const int Doubles = (int)Statistic.Count;

    /// <summary>
    /// The largest integer that a double represents exactly. JSON readers may have rounded a larger number; no count and no sum of milliseconds comes near it.
    /// </summary>
    public const double Largest = (1L << 53) - 1;
}
