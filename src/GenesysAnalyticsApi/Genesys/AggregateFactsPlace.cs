namespace GenesysAnalyticsApi.Genesys;

/// <summary>Where in the answer the next token stands. <c>…Value</c>: behind the key of that name.</summary>
internal enum AggregateFactsPlace
{
    Start,
    Root,
    ResultsValue,
    Results,
    Result,
    GroupValue,
    Group,
    QueueIdValue,
    MediaTypeValue,
    DataValue,
    Data,
    Bucket,
    IntervalValue,
    MetricsValue,
    Metrics,
    Metric,
    MetricValue,
    StatsValue,
    Stats,
    StatisticValue,
    SkippedValue,
    Skipping,
    End,
}
