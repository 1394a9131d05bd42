using System.Collections.Frozen;

namespace GenesysAnalyticsApi.Facts;

/// <summary>
/// Every metric that Genesys' aggregates query knows (SDK release 270, <c>ConversationAggregationQuery.MetricsEnum</c>), its
/// kind, and the group it is fetched with. Groups are fixed, so that equal needs make equal upstream questions.
/// </summary>
internal static class MetricCatalog
{
    /// <summary>Everything a record is made of: always fetched as one.</summary>
    private static readonly string[] Standard =
    [
        "nOffered", "nOutbound", "nConnected", "nOverSla", "nTransferred", "nBlindTransferred", "nConsultTransferred", "nError",
        "oServiceLevel",
        "tAnswered", "tAbandon", "tShortAbandon", "tFlowOut", "tWait", "tAlert",
        "tHandle", "tTalkComplete", "tHeldComplete", "tAcw", "tDialing", "tContacting",
    ];

    private static readonly string[] AgentTime =
    [
        "tTalk", "tHeld", "tAcd", "tNotResponding", "tPark", "tParkComplete", "tBarging", "tCoaching", "tCoachingComplete",
        "tMonitoring", "tMonitoringComplete", "tScreenMonitoring", "tConnected", "tIvr", "tVoicemail", "nConsult",
        "nStateTransitionError", "nTakeover", "oServiceTarget",
    ];

    private static readonly string[] Callback =
    [
        "nCallbackAttempts", "nCallbackOverSla", "nCallbackScheduled", "nCfcOffered", "oCallbackServiceLevel", "tActiveCallback",
        "tActiveCallbackComplete", "tCallbackAbandon", "tCallbackConnect", "tCallbackNotReached", "tCallbackVirtualWait",
        "tCfcAbandon", "tCfcAcd", "tCfcAnswered", "tCfcFlowOut",
    ];

    private static readonly string[] Messaging =
    [
        "nBotInteractions", "oAudioMessageCount", "oExternalAudioMessageCount", "oMessageCount", "oMessageSegmentCount", "oMessageTurn",
        "tAgentResponseTime", "tAverageAgentResponseTime", "tAverageCustomerResponseTime", "tFirstEngagement", "tFirstResponse",
        "tTransmitting", "tUserResponseTime",
    ];

    private static readonly string[] Outbound =
        ["nOutboundAbandoned", "nOutboundAttempted", "nOutboundConnected", "tFirstConnect", "tFirstDial"];

    private static readonly string[] Media =
    [
        "nCobrowseSessions", "nConversations", "oExternalMediaCount", "oMediaCount", "oSkillExpressionApplications",
        "tAgentVideoConnected", "tSnippetRecord",
    ];

    /// <summary>A conversation can be in several queues and buckets: its count does not add up.</summary>
    private static readonly FrozenSet<string> NotAdditive = FrozenSet.Create(StringComparer.Ordinal, "nConversations", "oServiceTarget");

    /// <summary>
    /// The SDK names them, and the API of organisations was seen to refuse them in questions by queue. That is how Genesys is, not a
    /// disturbance: figures without them are final.
    /// </summary>
    public static FrozenSet<string> OftenRefused { get; } = FrozenSet.Create(StringComparer.Ordinal, "nConversations", "tAgentVideoConnected", "tScreenMonitoring", "tSnippetRecord");

    public static IReadOnlyList<MetricGroup> Groups { get; } =
    [
        new("standard", [.. Standard]),
        new("agent-time", [.. AgentTime]),
        new("callback", [.. Callback]),
        new("messaging", [.. Messaging]),
        new("outbound", [.. Outbound]),
        new("media", [.. Media]),
    ];

    public static MetricGroup StandardGroup => Groups[0];

    private static readonly FrozenDictionary<string, MetricGroup> GroupOf = Groups
        .SelectMany(group => group.Metrics.Select(metric => (metric, group)))
        .ToFrozenDictionary(pair => pair.metric, pair => pair.group, StringComparer.Ordinal);

    /// <summary>All metric names, ordinal.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. GroupOf.Keys.Order(StringComparer.Ordinal)];

    public static bool Knows(string metric) => GroupOf.ContainsKey(metric);

    public static MetricGroup GroupFor(string metric) => GroupOf[metric];

    /// <summary>What the statistics of a metric mean when parts of it are put together.</summary>
    public static MetricKind KindOf(string metric) => metric switch
    {
        _ when NotAdditive.Contains(metric) => MetricKind.NotAdditive,
        "oServiceLevel" or "oCallbackServiceLevel" => MetricKind.Ratio,
        ['n', ..] => MetricKind.Counter,
        _ => MetricKind.Timer,
    };
}

/// <summary>Metrics that are fetched together.</summary>
internal sealed record MetricGroup(string Name, IReadOnlyList<string> Metrics);

internal enum MetricKind
{
    /// <summary>count adds up.</summary>
    Counter,

    /// <summary>count and sum add up, min and max are kept. Counter-like observations (<c>oMediaCount</c>) are read the same way.</summary>
    Timer,

    /// <summary>numerator and denominator add up; the ratio is made last.</summary>
    Ratio,

    /// <summary>Only true where nothing was merged.</summary>
    NotAdditive,
}
