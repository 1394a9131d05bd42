using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using Place = GenesysAnalyticsApi.Genesys.Parsing.ParserState;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>Where in the answer the next token stands. <c>…Value</c>: behind the key of that name.</summary>
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

/// <summary>What may stand where an object or a list is due: that, or, within a group, null, which is as good as absent.</summary>
internal static class ParserStates
{
    public static bool IsEnd(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.EndObject;

    /// <summary>Where the value of a key stands; unknown ones are skipped, but for dimensions.</summary>
    public static Place KeyOf(Place inside, ref Utf8JsonReader json) => inside switch
    {
        Place.Result when json.ValueTextEquals("data"u8) => Place.DataValue,
        Place.Result when json.ValueTextEquals("group"u8) => Place.GroupValue,
        Place.Group when json.ValueTextEquals("queueId"u8) => Place.QueueIdValue,
        Place.Group when json.ValueTextEquals("mediaType"u8) => Place.MediaTypeValue,
        Place.Group => Place.DimensionValue,
        Place.Bucket when json.ValueTextEquals("metrics"u8) => Place.MetricsValue,
        Place.Bucket when json.ValueTextEquals("interval"u8) => Place.IntervalValue,
        Place.Metric when json.ValueTextEquals("metric"u8) => Place.MetricValue,
        Place.Metric when json.ValueTextEquals("stats"u8) => Place.StatsValue,
        Place.Metric when json.ValueTextEquals("qualifier"u8) => Place.QualifierValue,
        _ => Place.SkippedValue,
    };

    public static Place Array(ref Utf8JsonReader json, Place inside, Place absent, string name) => json.TokenType switch
    {
        JsonTokenType.StartArray => inside,
        JsonTokenType.Null => absent,
        _ => throw GenesysFailures.Unreadable($"'{name}' is not a list"),
    };

    public static Place Object(ref Utf8JsonReader json, Place inside, Place absent, string name) => json.TokenType switch
    {
        JsonTokenType.StartObject => inside,
        JsonTokenType.Null => absent,
        _ => throw GenesysFailures.Unreadable($"'{name}' is not an object"),
    };
}
