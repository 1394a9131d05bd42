using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using State = GenesysAnalyticsApi.Genesys.Parsing.ParserState;

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

/// <summary>State transitions for keys, objects and arrays. Null counts as absent.</summary>
internal static class ParserStates
{
    public static bool IsEnd(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.EndObject;

    /// <summary>The state for the value of a key. Unknown keys are skipped, except dimensions of a group.</summary>
    public static State KeyOf(State parent, ref Utf8JsonReader json) => parent switch
    {
        State.Result when json.ValueTextEquals("data"u8) => State.DataValue,
        State.Result when json.ValueTextEquals("group"u8) => State.GroupValue,
        State.Group when json.ValueTextEquals("queueId"u8) => State.QueueIdValue,
        State.Group when json.ValueTextEquals("mediaType"u8) => State.MediaTypeValue,
        State.Group => State.DimensionValue,
        State.Bucket when json.ValueTextEquals("metrics"u8) => State.MetricsValue,
        State.Bucket when json.ValueTextEquals("interval"u8) => State.IntervalValue,
        State.Metric when json.ValueTextEquals("metric"u8) => State.MetricValue,
        State.Metric when json.ValueTextEquals("stats"u8) => State.StatsValue,
        State.Metric when json.ValueTextEquals("qualifier"u8) => State.QualifierValue,
        _ => State.SkippedValue,
    };

    public static State Array(ref Utf8JsonReader json, State inside, State absent, string name) => json.TokenType switch
    {
        JsonTokenType.StartArray => inside,
        JsonTokenType.Null => absent,
        _ => throw GenesysFailures.Unreadable($"'{name}' is not a list"),
    };

    public static State Object(ref Utf8JsonReader json, State inside, State absent, string name) => json.TokenType switch
    {
        JsonTokenType.StartObject => inside,
        JsonTokenType.Null => absent,
        _ => throw GenesysFailures.Unreadable($"'{name}' is not an object"),
    };
}
