using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Parsing;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>The folded columns of a response by metric, looked up once rather than per row.</summary>
internal sealed class MetricColumns(FoldedRows folded, IReadOnlySet<string> rejected)
{
    private readonly MetricColumn[] _standard = [.. GenesysMetrics.StandardGroup.Metrics.Select(metric => Column(metric, folded, rejected))];

    /// <summary>For each row, the offered count of the parts for which Genesys reports answers and abandons.</summary>
    public long[] OfferedWithAnswers { get; } = folded.Coverage.Offered;

    public MetricColumn this[StandardMetric metric] => _standard[metric.Index];

    /// <summary>The answers within the threshold of the query.</summary>
    public MetricColumn Within { get; } = Column(AnsweredWithin.Column, folded, rejected);

    /// <summary>Returns the column of any metric, as requested with <c>metric=</c>.</summary>
    public MetricColumn Of(string metric) => Column(metric, folded, rejected);

    /// <summary>The rows that lack a statistic of a metric in the response, or of a metric without a name, which could be any metric.</summary>
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
    public bool NeedsAnswers { get; } = CallbackCoverage.IsNullWithoutAnswers(Metric);
}
