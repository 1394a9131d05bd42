namespace GenesysAnalyticsApi.Genesys;

/// <summary>Where in the answer the next token stands. <c>…Value</c>: behind the key of that name.</summary>
internal enum AggregateFactsPlace
{
    Start,
    Root,
    RootValue,
    ResultsValue,
    Results,
    Result,
    GroupValue,
    Group,
    QueueIdValue,
    MediaTypeValue,
    DimensionValue,
    DataValue,
    Data,
    Bucket,
    IntervalValue,
    MetricsValue,
    Metrics,
    Metric,
    MetricValue,
    QualifierValue,
    StatsValue,
    Stats,
    StatisticValue,
    SkippedValue,
    Skipping,
    End,
}
