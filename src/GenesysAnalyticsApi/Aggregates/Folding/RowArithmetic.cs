using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Parsing;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>
/// Computes the figures of one row. Only this type computes quotients. Counts and sums are 0 if there were no events. Figures are null for a metric that
/// Genesys rejects or does not report for the row's media types, and quotients are null if the denominator is 0. If an invalid statistic was omitted from one
/// of the parts that were merged into the row, counts and sums cover only the remaining parts (null if nothing remains), and no quotient is computed from them.
/// </summary>
/// <param name="row">Index of the folded row; <see cref="NoRow"/> for a row without data.</param>
/// <param name="reportsAnswers">Whether Genesys reports answers and abandons for at least one part of the row.</param>
internal readonly struct RowArithmetic(MetricColumns columns, int row, bool reportsAnswers)
{
    public const int NoRow = -1;

    private readonly MetricColumns _columns = columns;
    private readonly int _row = row;
    private readonly bool _reportsAnswers = reportsAnswers;

    public long? Count(StandardMetric metric) => Has(_columns[metric]) ? Count(_columns[metric]) : null;

    /// <summary>The sum of two counts; null if either count is unknown or the sum is too large.</summary>
    public long? SumOfCounts(StandardMetric firstMetric, StandardMetric secondMetric) =>
        Count(firstMetric) is { } first && Count(secondMetric) is { } second && StatisticAccumulator.Plus(first, second) is var sum and >= 0 ? sum : null;

    public long? SumMs(StandardMetric metric) => Rounded(Sum(metric));

    public double? Average(StandardMetric metric) =>
        HasOmittedPart(_columns[metric], Statistic.Sum) || HasOmittedPart(_columns[metric], Statistic.Count) ? null : Quotient(Sum(metric), Count(metric));

    /// <summary>The count of <paramref name="metric"/> divided by the count of <paramref name="baseMetric"/>.</summary>
    public double? Rate(StandardMetric metric, StandardMetric baseMetric) =>
        HasOmittedPart(_columns[metric], Statistic.Count) || HasOmittedPart(_columns[baseMetric], Statistic.Count) ? null : Quotient(Count(metric), Count(baseMetric));

    public long? MaxMs(StandardMetric metric) => Rounded(Known(_columns[metric].Stats?.Max));

    public double? Numerator(StandardMetric metric) => Numerator(_columns[metric]);

    public double? Denominator(StandardMetric metric) => Denominator(_columns[metric]);

    public double? Ratio(StandardMetric metric) => Ratio(_columns[metric]);

    public double? Target(StandardMetric metric) => Known(_columns[metric].Stats?.Target);

    /// <summary>
    /// The count of the metric divided by the offered count, over the parts for which Genesys reports answers and abandons. The answer rate and the abandon
    /// rate use the same parts.
    /// </summary>
    public double? RateOfOffered(StandardMetric metric) =>
        _row != NoRow && !_columns[StandardMetrics.NOffered].IsRejected
        && !HasOmittedPart(_columns[metric], Statistic.Count) && !HasOmittedPart(_columns[StandardMetrics.NOffered], Statistic.Count) && _columns.OfferedWhereAnswersReported[_row] >= 0
            ? Quotient(Count(metric), _columns.OfferedWhereAnswersReported[_row])
            : null;

    /// <summary>The interactions that were answered within the threshold of the query.</summary>
    public long? AnsweredWithin => Has(_columns.AnsweredWithinColumn) ? Count(_columns.AnsweredWithinColumn) : null;

    /// <summary>The service level for the threshold of the query, over the interactions that the organization's own service level includes.</summary>
    public double? ServiceLevelWithin =>
        HasOmittedPart(_columns.AnsweredWithinColumn, Statistic.Count) || HasOmittedPart(_columns[StandardMetrics.OServiceLevel], Statistic.Denominator)
            ? null
            : Quotient(AnsweredWithin, Denominator(StandardMetrics.OServiceLevel));

    /// <summary>The raw statistics of the metric; null if Genesys rejects the metric or if they cannot be computed from merged parts.</summary>
    public MetricStatistics? Raw(MetricColumn column)
    {
        if (column.IsRejected)
        {
            return null;
        }

        var stats = column.Stats;
        var kind = GenesysMetrics.KindOf(column.Metric);
        if (kind == MetricKind.Ratio)
        {
            return new MetricStatistics
            {
                Numerator = Numerator(column),
                Denominator = Denominator(column),
                Ratio = Ratio(column),
                Target = Known(stats?.Target),
            };
        }

        var count = Count(column);
        if (kind == MetricKind.NotAdditive && (count is null || double.IsNaN(At(stats?.Target))))
        {
            return null;
        }

        var hasSum = column.Metric[0] == 't' || (_row != NoRow && stats?.Sum is not null);
        var hasCount = kind != MetricKind.NotAdditive || column.Metric[0] == 'n';
        return new MetricStatistics
        {
            Count = hasCount ? count : null,
            Sum = hasSum ? Sum(column) : null,
            Min = Known(stats?.Min),
            Max = Known(stats?.Max),
            P95 = Known(stats?.P95),
            P99 = Known(stats?.P99),
            Target = Known(stats?.Target),
        };
    }

    /// <summary>Divides the numbers. The result is null, never 0 or NaN, if the denominator is 0 or either number is unknown.</summary>
    public static double? Quotient(double? numerator, double? denominator) => denominator is null or 0 ? null : Finite(numerator / denominator);

    /// <summary>True if Genesys reports the metric for this row and does not reject it.</summary>
    private bool Has(MetricColumn column) => !column.IsRejected && (_reportsAnswers || !column.IsNullWithoutAnswers);

    private double? Sum(StandardMetric metric) => Has(_columns[metric]) ? Sum(_columns[metric]) : null;

    private long? Count(MetricColumn column)
    {
        var count = At(column.Stats?.Count);
        return count == StatisticAccumulator.Unknown || (count == 0 && HasOmittedPart(column, Statistic.Count)) ? null : count;
    }

    private double? Sum(MetricColumn column) => SumOf(column, Statistic.Sum, column.Stats?.Sum);

    private double? Numerator(MetricColumn column) => SumOf(column, Statistic.Numerator, column.Stats?.Numerator);

    private double? Denominator(MetricColumn column) => SumOf(column, Statistic.Denominator, column.Stats?.Denominator);

    private double? Ratio(MetricColumn column) =>
        HasOmittedPart(column, Statistic.Numerator) || HasOmittedPart(column, Statistic.Denominator) ? null : Quotient(Numerator(column), Denominator(column));

    private double? SumOf(MetricColumn column, Statistic statistic, double[]? parts)
    {
        var sum = At(parts);
        return column.IsRejected || (sum == 0 && HasOmittedPart(column, statistic)) ? null : Finite(sum);
    }

    private bool HasOmittedPart(MetricColumn column, Statistic statistic) => _row != NoRow && column.Stats?.IsInvalid(_row, statistic) == true;

    private long At(long[]? column) => column is null || _row == NoRow ? 0 : column[_row];

    private double At(double[]? column) => column is null || _row == NoRow ? 0 : column[_row];

    private double? Known(double[]? column) => _row == NoRow ? null : StatisticAccumulator.Known(column, _row);

    /// <summary>Treats infinite and NaN values as unknown, because JSON cannot express them.</summary>
    private static double? Finite(double? number) => number is { } known && double.IsFinite(known) ? known : null;

    private static long? Rounded(double? milliseconds) => milliseconds is >= long.MinValue and < long.MaxValue ? (long)Math.Round(milliseconds.Value) : null;
}

/// <summary>The folded columns of a response by metric, looked up once rather than per row.</summary>
internal sealed class MetricColumns(FoldedRows folded, IReadOnlySet<string> rejected)
{
    private readonly MetricColumn[] _standard = [.. GenesysMetrics.StandardGroup.Metrics.Select(metric => Column(metric, folded, rejected))];

    /// <summary>For each row, the offered count of the parts for which Genesys reports answers and abandons.</summary>
    public long[] OfferedWhereAnswersReported { get; } = folded.Coverage.Offered;

    public MetricColumn this[StandardMetric metric] => _standard[metric.Index];

    /// <summary>The column of interactions answered within the threshold of the query.</summary>
    public MetricColumn AnsweredWithinColumn { get; } = Column(AnsweredWithin.Column, folded, rejected);

    /// <summary>Returns the column of any metric, as requested with <c>metric=</c>.</summary>
    public MetricColumn Of(string metric) => Column(metric, folded, rejected);

    /// <summary>
    /// The rows from which a statistic was omitted: a statistic of a metric in the response, or one without a metric name, which could belong to any metric.
    /// </summary>
    public IEnumerable<int> IncompleteRows(IEnumerable<MetricColumn> requested) => _standard
        .Concat(requested)
        .Append(Of(FactsBuilder.NoMetric))
        .SelectMany(column => column.Stats?.Invalid ?? [])
        .Select(statistic => statistic.Row);

    private static MetricColumn Column(string metric, FoldedRows folded, IReadOnlySet<string> rejected) => new(
        metric,
        rejected.Contains(metric) ? null : folded.Columns.GetValueOrDefault(metric),
        rejected.Contains(metric));
}

/// <summary>One metric of a response.</summary>
/// <param name="Stats">
/// Null if the metric has no events. A rejected metric also has no statistics, because slices fetched before the rejection contain only some of its events.
/// </param>
internal sealed record MetricColumn(string Metric, StatisticAccumulator? Stats, bool IsRejected)
{
    /// <summary>Whether the metric is null, not 0, in rows without reported answers.</summary>
    public bool IsNullWithoutAnswers { get; } = CallbackCoverage.IsNullWithoutAnswers(Metric);
}

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
