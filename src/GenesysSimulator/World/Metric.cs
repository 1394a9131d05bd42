namespace GenesysSimulator.World;

/// <summary>The metrics that the simulation emits. Other Genesys metrics are valid in a query but have no events.</summary>
internal enum Metric : byte
{
    NOffered,
    NConnected,
    NTransferred,
    NBlindTransferred,
    NConsultTransferred,
    NConsult,
    NOverSla,
    NError,
    NOutbound,
    NOutboundAttempted,
    NOutboundConnected,
    NOutboundAbandoned,
    NConversations,
    NCallbackScheduled,
    NCallbackAttempts,
    NCobrowseSessions,
    OServiceLevel,
    OServiceTarget,
    OMediaCount,
    OMessageCount,
    OMessageTurn,
    TAnswered,
    TAbandon,
    TShortAbandon,
    TFlowOut,
    TWait,
    TAcd,
    TAlert,
    TNotResponding,
    THandle,
    TTalk,
    TTalkComplete,
    THeld,
    THeldComplete,
    TAcw,
    TDialing,
    TContacting,
    TConnected,
    TIvr,
    TVoicemail,
    TActiveCallback,
    TActiveCallbackComplete,
    TAgentResponseTime,
    TUserResponseTime,
    TFirstResponse,
    TFirstEngagement,
    TFirstConnect,
    TFirstDial,
}

internal static class Metrics
{
    public static readonly IReadOnlyList<string> WireNames = [.. Enum.GetNames<Metric>().Select(Wire)];

    public static readonly IReadOnlyDictionary<string, Metric> ByWireName =
        Enum.GetValues<Metric>().ToDictionary(metric => WireNames[(int)metric], StringComparer.Ordinal);

    public static int Count => WireNames.Count;

    /// <summary>Whether the metric is absent from detail records.</summary>
    public static bool IsOnlyInAggregates(Metric metric) => metric is Metric.TWait or Metric.OServiceLevel or Metric.OServiceTarget
        or Metric.NConversations or Metric.OMediaCount or Metric.OMessageTurn or Metric.OMessageCount;

    private static string Wire(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
