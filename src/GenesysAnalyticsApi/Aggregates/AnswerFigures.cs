using GenesysAnalyticsApi.Catalog;
using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>The folded figures of an answer by metric, looked up once and not for every row.</summary>
internal sealed class AnswerFigures(FoldedRows folded, IReadOnlySet<string> refused)
{
    private readonly FigureColumn[] _standard = [.. MetricCatalog.StandardGroup.Metrics.Select(metric => Column(metric, folded, refused))];

    /// <summary>By row: what the parts that post answers and abandons were offered.</summary>
    public long[] OfferedToPosting { get; } = folded.Posting.Offered;

    public FigureColumn this[StandardMetric metric] => _standard[metric.Place];

    /// <summary>Any metric's, asked for with <c>metric=</c>.</summary>
    public FigureColumn Of(string metric) => Column(metric, folded, refused);

    /// <summary>The rows that lack a statistic of a metric that is shown, or of one that cannot be named and may be shown.</summary>
    public IEnumerable<int> OddRows(IEnumerable<FigureColumn> asked) => _standard
        .Concat(asked)
        .Append(Of(AggregateFactsBuilder.NoMetric))
        .SelectMany(column => column.Stats?.Odd ?? [])
        .Select(odd => odd.Row);

    private static FigureColumn Column(string metric, FoldedRows folded, IReadOnlySet<string> refused) => new(
        metric,
        refused.Contains(metric) ? null : folded.Columns.GetValueOrDefault(metric),
        refused.Contains(metric));
}

/// <summary>One metric in an answer.</summary>
/// <param name="Stats">Null where nothing posted it, and for a refused metric too: slices that were fetched before the refusal are only a part.</param>
internal sealed record FigureColumn(string Metric, StatColumns? Stats, bool IsRefused)
{
    /// <summary>Null, not 0, in a row that does not post answers.</summary>
    public bool NeedsPosting { get; } = CallbackPostings.Leave(Metric);
}
