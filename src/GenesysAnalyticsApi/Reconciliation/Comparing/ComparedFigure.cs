using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Folding;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Catalog;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Reconciliation.Comparing;

/// <summary>How a figure is computed from the events of a metric.</summary>
internal enum FigureStatistic
{
    Count,
    Sum,
    Max,

    /// <summary>The figure is not computed from events. This applies to the numerator and the denominator of the service level.</summary>
    Computed,
}

/// <summary>
/// A figure of GET /aggregates that is one statistic of one Genesys metric. Averages, rates and sums of figures follow from such figures, so
/// they are not compared.
/// The list is derived from <see cref="RecordFieldDefinitions"/> and the catalog.
/// </summary>
/// <param name="Name">The field of the record.</param>
/// <param name="Metric">The Genesys metric of the aggregates.</param>
/// <param name="StatisticName">The statistic as Genesys names it, such as <c>sum</c>.</param>
/// <param name="Of">Reads the figure from a record.</param>
internal sealed record ComparedFigure(string Name, string Metric, string StatisticName, Func<RowArithmetic, double?> Of)
{
    private const string Wait = "tWait";
    private const string WaitOfDetails = "tAcd";

    /// <summary>All compared figures, in the order of records.</summary>
    public static ImmutableArray<ComparedFigure> All { get; } =
    [
        .. CatalogEntries.Fields
            .Where(entry => entry is { GenesysMetric: not null, GenesysStatistic: not null } && !entry.GenesysStatistic.Contains(' ', StringComparison.Ordinal))
            .Select(entry => new ComparedFigure(entry.Name, entry.GenesysMetric!, entry.GenesysStatistic!, ReaderOf(RecordFieldDefinitions.Figures.Single(field => field.Name == entry.Name)))),
    ];

    /// <summary>The metrics for which the events of conversations are counted.</summary>
    public static ImmutableArray<string> DetailsMetrics { get; } = [.. All.Select(figure => figure.DetailsMetric).OfType<string>().Distinct(StringComparer.Ordinal)];

    public FigureStatistic Statistic { get; } = StatisticName switch
    {
        _ when GenesysMetrics.KindOf(Metric) == MetricKind.Ratio => FigureStatistic.Computed,
        "count" => FigureStatistic.Count,
        "sum" => FigureStatistic.Sum,
        "max" => FigureStatistic.Max,
        _ => FigureStatistic.Computed,
    };

    /// <summary>
    /// The metric of conversations that has the same values; null if conversations do not contain the figure. Genesys computes <c>tWait</c> only for
    /// aggregates. Its equivalent in conversations is <c>tAcd</c>, the time that a conversation spends in the queue.
    /// </summary>
    public string? DetailsMetric => Statistic == FigureStatistic.Computed ? null : Metric == Wait ? WaitOfDetails : Metric;

    /// <summary>The number of events of the metric in a record; null if the figure is not computed from events.</summary>
    public long? EventsOf(RowArithmetic figures) => Statistic == FigureStatistic.Computed ? null : figures.Count(StandardMetric.Of(Metric));

    private static Func<RowArithmetic, double?> ReaderOf(FigureField field) => field switch
    {
        IntegerField whole => figures => whole.Of(figures),
        DecimalField number => figures => number.Of(figures),
        _ => throw new InvalidOperationException($"The figure {field.Name} is not a number."),
    };
}
