namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>The parser's position in the reply. <c>…Value</c> means after the key of that name.</summary>
internal enum ParserState
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
