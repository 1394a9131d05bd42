using System.Collections.Immutable;
using static GenesysAnalyticsApi.Aggregates.StandardMetrics;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// Every figure of a record: its name, its place, and what it is made of. <see cref="AggregateRecord"/> says what each means; all
/// who write records, in whatever form, read this table.
/// </summary>
internal static class RecordFields
{
    public static ImmutableArray<RecordField> All { get; } =
    [
        new WholeField("totalInteractions", row => row.Together(NOffered, NOutbound)),
        new WholeField("offered", row => row.Count(NOffered)),
        new WholeField("answered", row => row.Count(TAnswered)),
        new WholeField("abandoned", row => row.Count(TAbandon)),
        new WholeField("shortAbandoned", row => row.Count(TShortAbandon)),
        new WholeField("flowOut", row => row.Count(TFlowOut)),
        new WholeField("outbound", row => row.Count(NOutbound)),
        new WholeField("connected", row => row.Count(NConnected)),
        new WholeField("handled", row => row.Count(THandle)),
        new WholeField("overServiceLevel", row => row.Count(NOverSla)),
        new WholeField("transferred", row => row.Count(NTransferred)),
        new WholeField("blindTransferred", row => row.Count(NBlindTransferred)),
        new WholeField("consultTransferred", row => row.Count(NConsultTransferred)),
        new WholeField("errors", row => row.Count(NError)),

        new WholeField("totalHandleTimeMs", row => row.SumMs(THandle)),
        new WholeField("talkTimeMs", row => row.SumMs(TTalkComplete)),
        new WholeField("holdTimeMs", row => row.SumMs(THeldComplete)),
        new WholeField("wrapTimeMs", row => row.SumMs(TAcw)),
        new WholeField("dialingTimeMs", row => row.SumMs(TDialing)),
        new WholeField("contactingTimeMs", row => row.SumMs(TContacting)),
        new WholeField("alertTimeMs", row => row.SumMs(TAlert)),
        new WholeField("waitTimeMs", row => row.SumMs(TWait)),
        new WholeField("answerTimeMs", row => row.SumMs(TAnswered)),
        new WholeField("abandonTimeMs", row => row.SumMs(TAbandon)),
        new WholeField("flowOutTimeMs", row => row.SumMs(TFlowOut)),

        new RealField("averageHandleTimeMs", row => row.Average(THandle)),
        new RealField("averageTalkTimeMs", row => row.Average(TTalkComplete)),
        new RealField("averageHoldTimeMs", row => row.Average(THeldComplete)),
        new RealField("averageWrapTimeMs", row => row.Average(TAcw)),
        new RealField("averageWaitTimeMs", row => row.Average(TWait)),
        new RealField("averageSpeedOfAnswerMs", row => row.Average(TAnswered)),
        new RealField("averageTimeToAbandonMs", row => row.Average(TAbandon)),
        new WholeField("longestWaitMs", row => row.MaxMs(TWait)),
        new WholeField("longestHandleTimeMs", row => row.MaxMs(THandle)),

        new RealField("serviceLevel", row => row.Ratio(OServiceLevel)),
        new RealField("serviceLevelNumerator", row => row.Numerator(OServiceLevel)),
        new RealField("serviceLevelDenominator", row => row.Denominator(OServiceLevel)),
        new RealField("serviceLevelTarget", row => row.Target(OServiceLevel)),
        new RealField("answerRate", row => row.RateOfOffered(TAnswered)),
        new RealField("abandonRate", row => row.RateOfOffered(TAbandon)),
        new RealField("transferRate", row => row.Rate(NTransferred, of: THandle)),
    ];
}

/// <summary>A figure of a record.</summary>
/// <param name="name">The JSON name.</param>
internal abstract class RecordField(string name)
{
    public string Name { get; } = name;
}

internal sealed class WholeField(string name, Func<RowFigures, long?> of) : RecordField(name)
{
    public long? Of(RowFigures row) => of(row);
}

internal sealed class RealField(string name, Func<RowFigures, double?> of) : RecordField(name)
{
    public double? Of(RowFigures row) => of(row);
}
