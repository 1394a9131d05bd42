using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>A metric of the standard group, stored as its index in the group, so that its name need not be looked up for each row.</summary>
internal readonly record struct StandardMetric(int Index)
{
    public string Name => GenesysMetrics.StandardGroup.Metrics[Index];

    public static StandardMetric Of(string name) => new(GenesysMetrics.StandardGroup.Metrics.Index().Single(metric => metric.Item == name).Index);
}

/// <summary>The standard metrics by their Genesys names.</summary>
internal static class StandardMetrics
{
    public static StandardMetric NOffered { get; } = StandardMetric.Of("nOffered");
    public static StandardMetric NOutbound { get; } = StandardMetric.Of("nOutbound");
    public static StandardMetric NConnected { get; } = StandardMetric.Of("nConnected");
    public static StandardMetric NOverSla { get; } = StandardMetric.Of("nOverSla");
    public static StandardMetric NTransferred { get; } = StandardMetric.Of("nTransferred");
    public static StandardMetric NBlindTransferred { get; } = StandardMetric.Of("nBlindTransferred");
    public static StandardMetric NConsultTransferred { get; } = StandardMetric.Of("nConsultTransferred");
    public static StandardMetric NError { get; } = StandardMetric.Of("nError");
    public static StandardMetric OServiceLevel { get; } = StandardMetric.Of("oServiceLevel");
    public static StandardMetric TAnswered { get; } = StandardMetric.Of("tAnswered");
    public static StandardMetric TAbandon { get; } = StandardMetric.Of("tAbandon");
    public static StandardMetric TShortAbandon { get; } = StandardMetric.Of("tShortAbandon");
    public static StandardMetric TFlowOut { get; } = StandardMetric.Of("tFlowOut");
    public static StandardMetric TWait { get; } = StandardMetric.Of("tWait");
    public static StandardMetric TAlert { get; } = StandardMetric.Of("tAlert");
    public static StandardMetric THandle { get; } = StandardMetric.Of("tHandle");
    public static StandardMetric TTalkComplete { get; } = StandardMetric.Of("tTalkComplete");
    public static StandardMetric THeldComplete { get; } = StandardMetric.Of("tHeldComplete");
    public static StandardMetric TAcw { get; } = StandardMetric.Of("tAcw");
    public static StandardMetric TDialing { get; } = StandardMetric.Of("tDialing");
    public static StandardMetric TContacting { get; } = StandardMetric.Of("tContacting");
}
