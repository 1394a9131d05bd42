namespace GenesysAnalyticsApi.Facts;

/// <summary>
/// A view of the aggregates query: the statistics of the events of a timer with a value below a bound. Genesys counts these events, so the counts of queues
/// and buckets can be added up like the counts of a metric.
/// </summary>
/// <param name="Name">The name in request and reply. It must not be the name of a metric.</param>
/// <param name="Target">The timer that the view restricts.</param>
/// <param name="Below">The exclusive upper bound in milliseconds (<c>range.lt</c>).</param>
internal sealed record MetricView(string Name, string Target, long Below)
{
    /// <summary>The name of the column in the facts, derived from its position in the reply. No Genesys metric has a dot in its name.</summary>
    public string Column => $"views.{Name}";
}

/// <summary>
/// The interactions that were answered within a threshold that the caller chose. The threshold is part of the slice key but not of the name of the column,
/// because a query has one threshold, and if Genesys rejects views, it rejects them for every threshold.
/// </summary>
internal static class AnsweredWithin
{
    /// <summary>The family of the metric groups.</summary>
    public const string Family = "within";

    /// <summary>The minimum threshold. A caller that gives a smaller number probably means seconds.</summary>
    public const int MinThresholdMs = 1_000;

    /// <summary>The maximum threshold: a week, because emails can have service levels of days.</summary>
    public const int MaxThresholdMs = 7 * 86_400_000;

    /// <summary>The column of the facts.</summary>
    public static readonly string Column = ViewOf(MinThresholdMs).Column;

    /// <summary>
    /// The group that contains only the view; the other figures come from the standard group, which all queries share. The view includes waits of exactly the
    /// threshold: Genesys excludes the upper bound, and waits are whole milliseconds.
    /// </summary>
    public static MetricGroup GroupOf(int thresholdMs) => new($"{Family}-{thresholdMs}", [Column])
    {
        Family = Family,
        Views = [ViewOf(thresholdMs)],
    };

    private static MetricView ViewOf(int thresholdMs) => new("answeredWithin", "tAnswered", thresholdMs + 1L);
}
