using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Facts;

/// <summary>
/// Every metric of the Genesys aggregates query (SDK release 270, <c>ConversationAggregationQuery.MetricsEnum</c>), its kind, and the group with which it
/// is fetched. The groups are fixed, so that different queries cause identical, cacheable requests.
/// </summary>
internal static class GenesysMetrics
{
    /// <summary>Metrics that are not additive: a conversation can be in several queues and buckets, and a service level target is not a quantity.</summary>
    private static readonly FrozenSet<string> NotAdditive = FrozenSet.Create(StringComparer.Ordinal, "nConversations", "oServiceTarget");

    /// <summary>
    /// Metrics that the SDK contains but that the API has rejected in queries by queue. This is normal behavior, not a failure, so results without them
    /// can be final.
    /// </summary>
    public static FrozenSet<string> OftenRejected { get; } = FrozenSet.Create(StringComparer.Ordinal, "nConversations", "tAgentVideoConnected", "tScreenMonitoring", "tSnippetRecord");

    public static IReadOnlyList<MetricGroup> Groups { get; } =
    [
        // The metrics that every record contains. They are always fetched together.
        new("standard",
        [
            "nOffered", "nOutbound", "nConnected", "nOverSla", "nTransferred", "nBlindTransferred", "nConsultTransferred", "nError",
            "oServiceLevel",
            "tAnswered", "tAbandon", "tShortAbandon", "tFlowOut", "tWait", "tAlert",
            "tHandle", "tTalkComplete", "tHeldComplete", "tAcw", "tDialing", "tContacting",
        ]),
        new("agent-time",
        [
            "tTalk", "tHeld", "tAcd", "tNotResponding", "tPark", "tParkComplete", "tBarging", "tCoaching", "tCoachingComplete",
            "tMonitoring", "tMonitoringComplete", "tScreenMonitoring", "tConnected", "tIvr", "tVoicemail", "nConsult",
            "nStateTransitionError", "nTakeover", "oServiceTarget",
        ]),
        new("callback",
        [
            "nCallbackAttempts", "nCallbackOverSla", "nCallbackScheduled", "nCfcOffered", "oCallbackServiceLevel", "tActiveCallback",
            "tActiveCallbackComplete", "tCallbackAbandon", "tCallbackConnect", "tCallbackNotReached", "tCallbackVirtualWait",
            "tCfcAbandon", "tCfcAcd", "tCfcAnswered", "tCfcFlowOut",
        ]),
        new("messaging",
        [
            "nBotInteractions", "oAudioMessageCount", "oExternalAudioMessageCount", "oMessageCount", "oMessageSegmentCount", "oMessageTurn",
            "tAgentResponseTime", "tAverageAgentResponseTime", "tAverageCustomerResponseTime", "tFirstEngagement", "tFirstResponse",
            "tTransmitting", "tUserResponseTime",
        ]),
        new("outbound", ["nOutboundAbandoned", "nOutboundAttempted", "nOutboundConnected", "tFirstConnect", "tFirstDial"]),
        new("media",
        [
            "nCobrowseSessions", "nConversations", "oExternalMediaCount", "oMediaCount", "oSkillExpressionApplications",
            "tAgentVideoConnected", "tSnippetRecord",
        ]),
    ];

    public static MetricGroup StandardGroup => Groups[0];

    private static readonly FrozenDictionary<string, MetricGroup> GroupOf = Groups
        .SelectMany(group => group.Metrics.Select(metric => (metric, group)))
        .ToFrozenDictionary(pair => pair.metric, pair => pair.group, StringComparer.Ordinal);

    /// <summary>All metric names, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. GroupOf.Keys.Order(StringComparer.Ordinal)];

    public static bool Knows(string metric) => GroupOf.ContainsKey(metric);

    public static MetricGroup GroupFor(string metric) => GroupOf[metric];

    /// <summary>The names of all statistics that a metric can have.</summary>
    public static IReadOnlyList<string> StatisticNames { get; } = ["count", "sum", "min", "max", "p95", "p99", "numerator", "denominator", "ratio", "target"];

    /// <summary>The statistics that a metric has, which depend on its kind.</summary>
    public static IReadOnlyList<string> StatisticsOf(string metric) => KindOf(metric) switch
    {
        MetricKind.Ratio => ["numerator", "denominator", "ratio", "target"],
        MetricKind.NotAdditive when metric[0] != 'n' => ["target"],
        MetricKind.Timer => ["count", "sum", "min", "max", "p95", "p99"],
        _ => ["count"],
    };

    /// <summary>
    /// The metrics that Genesys records for the session of an agent, with the agent and the wrap-up code of that session. All other metrics belong to the
    /// queue, because an abandoned call or a wait has no agent.
    /// </summary>
    private static readonly FrozenSet<string> AgentSessionMetrics = FrozenSet.Create(
        StringComparer.Ordinal,
        "tAlert", "tAnswered", "tNotResponding", "tTalk", "tTalkComplete", "tHeld", "tHeldComplete", "tAcw", "tHandle", "tDialing", "tContacting",
        "nTransferred", "nBlindTransferred", "nConsultTransferred", "nConsult", "nOutbound", "tAgentResponseTime", AnsweredWithin.Column);

    private static readonly ConcurrentDictionary<(MetricGroup Group, Dimensions Split), MetricGroup> PartsWithValues = new();

    /// <summary>
    /// The dimensions with values to which Genesys attributes a metric, so its parts add up to the whole. A conversation begins in one direction but can have
    /// several message types.
    /// </summary>
    public static Dimensions DimensionsOf(string metric) =>
        AgentSessionMetrics.Contains(metric) ? Dimension.AllFlags
        : metric == "nConversations" ? Dimensions.Direction
        : Dimensions.MessageType | Dimensions.Direction;

    /// <summary>Whether a metric has values in a split by these dimensions. Requests for the split omit other metrics.</summary>
    public static bool IsAttributed(string metric, Dimensions split) => (split & Dimensions.OfAgentSessions & ~DimensionsOf(metric)) == Dimensions.None;

    /// <summary>Returns the metrics of a group that have values in a split by these dimensions; null if none has, the group itself if all have.</summary>
    public static MetricGroup? PartWithValues(MetricGroup group, Dimensions split)
    {
        if ((split & Dimensions.OfAgentSessions) == Dimensions.None || group.Family == AnsweredWithin.Family)
        {
            return group;
        }

        var own = PartsWithValues.GetOrAdd((group, split), key => key.Group with { Metrics = [.. key.Group.Metrics.Where(metric => IsAttributed(metric, key.Split))] });
        return own.Metrics.Count == 0 ? null : own;
    }

    /// <summary>How the statistics of a metric are merged.</summary>
    public static MetricKind KindOf(string metric) => metric switch
    {
        _ when NotAdditive.Contains(metric) => MetricKind.NotAdditive,
        "oServiceLevel" or "oCallbackServiceLevel" => MetricKind.Ratio,
        ['n', ..] => MetricKind.Counter,
        _ => MetricKind.Timer,
    };
}

/// <summary>Metrics that are fetched together.</summary>
/// <param name="Name">The name, which is part of the slice key.</param>
/// <param name="Metrics">Genesys metrics, and the columns of <see cref="Views"/>.</param>
internal sealed record MetricGroup(string Name, IReadOnlyList<string> Metrics)
{
    /// <summary>
    /// The name of the family, which groups share if they differ only in the caller's threshold. The service stores rejections and other findings per family,
    /// so callers cannot make this data grow.
    /// </summary>
    public string Family { get; init; } = Name;

    /// <summary>Whether this is the standard group, or the part of it that has values in a split.</summary>
    public bool IsStandard => Name == GenesysMetrics.StandardGroup.Name;

    /// <summary>Views that are requested along with their target metrics.</summary>
    public ImmutableArray<MetricView> Views { get; init; } = [];
}

internal enum MetricKind
{
    /// <summary>The count is added.</summary>
    Counter,

    /// <summary>Count and sum are added; min and max are merged. Counter-like observations (<c>oMediaCount</c>) are treated the same way.</summary>
    Timer,

    /// <summary>Numerator and denominator are added; the ratio is computed last.</summary>
    Ratio,

    /// <summary>The value is valid only if no parts were merged.</summary>
    NotAdditive,
}
