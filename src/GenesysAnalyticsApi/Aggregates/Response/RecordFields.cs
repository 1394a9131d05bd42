using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Folding;
using static GenesysAnalyticsApi.Aggregates.Folding.StandardMetrics;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>The figures of a record: name, order and computation. <see cref="AggregateRecord"/> documents them. Every format writes records from this table.</summary>
internal static class RecordFields
{
    public static ImmutableArray<RecordField> All { get; } =
    [
        new IntegerField("totalInteractions", row => row.SumOfCounts(NOffered, NOutbound)),
        new IntegerField("offered", row => row.Count(NOffered)),
        new IntegerField("answered", row => row.Count(TAnswered)),
        new IntegerField("abandoned", row => row.Count(TAbandon)),
        new IntegerField("shortAbandoned", row => row.Count(TShortAbandon)),
        new IntegerField("flowOut", row => row.Count(TFlowOut)),
        new IntegerField("outbound", row => row.Count(NOutbound)),
        new IntegerField("connected", row => row.Count(NConnected)),
        new IntegerField("handled", row => row.Count(THandle)),
        new IntegerField("overServiceLevel", row => row.Count(NOverSla)),
        new IntegerField("transferred", row => row.Count(NTransferred)),
        new IntegerField("blindTransferred", row => row.Count(NBlindTransferred)),
        new IntegerField("consultTransferred", row => row.Count(NConsultTransferred)),
        new IntegerField("errors", row => row.Count(NError)),

        new IntegerField("totalHandleTimeMs", row => row.SumMs(THandle)),
        new IntegerField("talkTimeMs", row => row.SumMs(TTalkComplete)),
        new IntegerField("holdTimeMs", row => row.SumMs(THeldComplete)),
        new IntegerField("wrapTimeMs", row => row.SumMs(TAcw)),
        new IntegerField("dialingTimeMs", row => row.SumMs(TDialing)),
        new IntegerField("contactingTimeMs", row => row.SumMs(TContacting)),
        new IntegerField("alertTimeMs", row => row.SumMs(TAlert)),
        new IntegerField("waitTimeMs", row => row.SumMs(TWait)),
        new IntegerField("answerTimeMs", row => row.SumMs(TAnswered)),
        new IntegerField("abandonTimeMs", row => row.SumMs(TAbandon)),
        new IntegerField("flowOutTimeMs", row => row.SumMs(TFlowOut)),

        new DecimalField("averageHandleTimeMs", row => row.Average(THandle)),
        new DecimalField("averageTalkTimeMs", row => row.Average(TTalkComplete)),
        new DecimalField("averageHoldTimeMs", row => row.Average(THeldComplete)),
        new DecimalField("averageWrapTimeMs", row => row.Average(TAcw)),
        new DecimalField("averageWaitTimeMs", row => row.Average(TWait)),
        new DecimalField("averageSpeedOfAnswerMs", row => row.Average(TAnswered)),
        new DecimalField("averageTimeToAbandonMs", row => row.Average(TAbandon)),
        new IntegerField("longestWaitMs", row => row.MaxMs(TWait)),
        new IntegerField("longestHandleTimeMs", row => row.MaxMs(THandle)),

        new DecimalField("serviceLevel", row => row.Ratio(OServiceLevel)),
        new DecimalField("serviceLevelNumerator", row => row.Numerator(OServiceLevel)),
        new DecimalField("serviceLevelDenominator", row => row.Denominator(OServiceLevel)),
        new DecimalField("serviceLevelTarget", row => row.Target(OServiceLevel)),
        new DecimalField("answerRate", row => row.RateOfOffered(TAnswered)),
        new DecimalField("abandonRate", row => row.RateOfOffered(TAbandon)),
        new DecimalField("transferRate", row => row.Rate(NTransferred, of: THandle)),
    ];
}

/// <summary>A figure of a record.</summary>
/// <param name="name">The JSON name.</param>
internal abstract class RecordField(string name)
{
    public string Name { get; } = name;
}

internal sealed class IntegerField(string name, Func<RecordValues, long?> of) : RecordField(name)
{
    public long? Of(RecordValues row) => of(row);
}

internal sealed class DecimalField(string name, Func<RecordValues, double?> of) : RecordField(name)
{
    public double? Of(RecordValues row) => of(row);
}
