using GenesysAnalyticsApi.Catalog;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// One row's figures: here, and only here, parts become quotients. Counts and sums are 0 where nothing was posted; everything
/// is null for a metric that Genesys refuses, or does not post for the row's media types, and what is made of nothing is null.
/// </summary>
/// <param name="row">Number of the folded row; <see cref="NoRow"/> for a row where nothing happened.</param>
/// <param name="posts">Some part of what the row is about posts answers and abandons.</param>
internal readonly struct RowFigures(AnswerFigures answer, int row, bool posts)
{
    public const int NoRow = -1;

    private readonly AnswerFigures _answer = answer;
    private readonly int _row = row;
    private readonly bool _posts = posts;

    public long? Count(StandardMetric metric) => Has(_answer[metric]) ? At(_answer[metric].Stats?.Count) : null;

    public long? SumMs(StandardMetric metric) => Rounded(Sum(metric));

    public double? Average(StandardMetric metric) => Quotient(Sum(metric), Count(metric));

    public long? MaxMs(StandardMetric metric) => Rounded(Known(_answer[metric].Stats?.Max));

    public double? Numerator(StandardMetric metric) => Numerator(_answer[metric]);

    public double? Denominator(StandardMetric metric) => Denominator(_answer[metric]);

    public double? Ratio(StandardMetric metric) => Ratio(_answer[metric]);

    public double? Target(StandardMetric metric) => Known(_answer[metric].Stats?.Target);

    /// <summary>metric / offered, over the parts that post answers and abandons: the same parts for both rates.</summary>
    public double? RateOfOffered(StandardMetric metric) =>
        _row != NoRow && !_answer[StandardMetrics.NOffered].IsRefused ? Quotient(Count(metric), _answer.OfferedToPosting[_row]) : null;

    /// <summary>The raw statistics, as the metric's family has them; null where merging made them unknowable.</summary>
    public MetricStatistics? Raw(FigureColumn column)
    {
        if (column.IsRefused)
        {
            return null;
        }

        var stats = column.Stats;
        var kind = MetricCatalog.KindOf(column.Metric);
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

        var count = At(stats?.Count);
        if (count == StatColumns.Unknown || (kind == MetricKind.NotAdditive && double.IsNaN(At(stats?.Target))))
        {
            return null;
        }

        var isTimer = column.Metric[0] == 't' || (_row != NoRow && stats?.Sum is not null);
        var hasCount = kind != MetricKind.NotAdditive || column.Metric[0] == 'n';
        return new MetricStatistics
        {
            Count = hasCount ? count : null,
            Sum = isTimer ? Finite(At(stats?.Sum)) : null,
            Min = Known(stats?.Min),
            Max = Known(stats?.Max),
            P95 = Known(stats?.P95),
            P99 = Known(stats?.P99),
            Target = Known(stats?.Target),
        };
    }

    /// <summary>Null, never 0 and never NaN, where there is nothing to divide by.</summary>
    public static double? Quotient(double? numerator, double? denominator) => denominator is null or 0 ? null : Finite(numerator / denominator);

    /// <summary>True when the row has the metric: Genesys posts it for what the row is about, and does not refuse it.</summary>
    private bool Has(FigureColumn column) => !column.IsRefused && (_posts || !column.NeedsPosting);

    private double? Sum(StandardMetric metric) => Has(_answer[metric]) ? Finite(At(_answer[metric].Stats?.Sum)) : null;

    private double? Numerator(FigureColumn column) => column.IsRefused ? null : Finite(At(column.Stats?.Numerator));

    private double? Denominator(FigureColumn column) => column.IsRefused ? null : Finite(At(column.Stats?.Denominator));

    private double? Ratio(FigureColumn column) => Quotient(Numerator(column), Denominator(column));

    private long At(long[]? column) => column is null || _row == NoRow ? 0 : column[_row];

    private double At(double[]? column) => column is null || _row == NoRow ? 0 : column[_row];

    private double? Known(double[]? column) => _row == NoRow ? null : StatColumns.Known(column, _row);

    /// <summary>What has left the numbers is not known; JSON has no word for it either.</summary>
    private static double? Finite(double? number) => number is { } known && double.IsFinite(known) ? known : null;

    private static long? Rounded(double? milliseconds) => milliseconds is { } known ? (long)Math.Round(known) : null;
}
