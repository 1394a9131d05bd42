using GenesysAnalyticsApi.Catalog;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// One row's figures: here, and only here, parts become quotients. Counts and sums are 0 where nothing was posted; everything
/// is null for a metric that Genesys refuses, and what is made of nothing is null.
/// </summary>
/// <param name="row">Index of the folded row; null for a row where nothing happened.</param>
internal readonly struct RowFigures(FoldedRows folded, int? row, string? mediaType, IReadOnlySet<string> refused)
{
    private readonly FoldedRows _folded = folded;
    private readonly int? _row = row;
    private readonly string? _mediaType = mediaType;
    private readonly IReadOnlySet<string> _refused = refused;

    public long? Count(string metric) => _refused.Contains(metric) ? null : Column(metric)?.Count?[_row!.Value] ?? 0;

    public long? SumMs(string metric) => Sum(metric) is { } sum ? (long)Math.Round(sum) : null;

    public double? Average(string metric) => Quotient(Sum(metric), Count(metric));

    public long? MaxMs(string metric) =>
        Column(metric) is { } column && StatColumns.Known(column.Max, _row!.Value) is { } max ? (long)Math.Round(max) : null;

    public double? Numerator(string metric) => _refused.Contains(metric) ? null : Finite(Column(metric)?.Numerator?[_row!.Value] ?? 0);

    public double? Denominator(string metric) => _refused.Contains(metric) ? null : Finite(Column(metric)?.Denominator?[_row!.Value] ?? 0);

    public double? Ratio(string metric) => Quotient(Numerator(metric), Denominator(metric));

    public double? Target(string metric) => Column(metric) is { } column ? StatColumns.Known(column.Target, _row!.Value) : null;

    /// <summary>True when the row has the metric: Genesys posts it for the row's media types, and does not refuse it.</summary>
    public bool HasAny(string metric) =>
        !_refused.Contains(metric)
        && (_row is { } row ? _folded.Postings[metric].IsPosted[row] : _mediaType != MediaTypes.Callback);

    /// <summary>metric / offered, over the parts that post the metric.</summary>
    public double? RateOfOffered(string metric) =>
        _row is { } row && HasAny(metric) && !_refused.Contains("nOffered") ? Quotient(Count(metric), _folded.Postings[metric].Offered[row]) : null;

    /// <summary>The raw statistics, as the metric's family has them; null where merging made them unknowable.</summary>
    public MetricStatistics? Raw(string metric)
    {
        if (_refused.Contains(metric))
        {
            return null;
        }

        var column = Column(metric);
        var kind = MetricCatalog.KindOf(metric);
        if (kind == MetricKind.Ratio)
        {
            return new MetricStatistics
            {
                Numerator = Numerator(metric),
                Denominator = Denominator(metric),
                Ratio = Ratio(metric),
                Target = Target(metric),
            };
        }

        var count = column?.Count?[_row!.Value] ?? 0;
        if (count == StatColumns.Unknown || (kind == MetricKind.NotAdditive && column?.Target is { } target && double.IsNaN(target[_row!.Value])))
        {
            return null;
        }

        var isTimer = metric[0] == 't' || column?.Sum is not null;
        var hasCount = kind != MetricKind.NotAdditive || metric[0] == 'n';
        return new MetricStatistics
        {
            Count = hasCount ? count : null,
            Sum = isTimer ? Sum(metric) : null,
            Min = StatColumns.Known(column?.Min, _row ?? 0),
            Max = StatColumns.Known(column?.Max, _row ?? 0),
            P95 = StatColumns.Known(column?.P95, _row ?? 0),
            P99 = StatColumns.Known(column?.P99, _row ?? 0),
            Target = StatColumns.Known(column?.Target, _row ?? 0),
        };
    }

    /// <summary>Null, never 0 and never NaN, where there is nothing to divide by.</summary>
    public static double? Quotient(double? numerator, double? denominator) => denominator is null or 0 ? null : Finite(numerator / denominator);

    private double? Sum(string metric) => _refused.Contains(metric) ? null : Finite(Column(metric)?.Sum?[_row!.Value] ?? 0);

    /// <summary>What has left the numbers is not known; JSON has no word for it either.</summary>
    private static double? Finite(double? number) => number is { } known && double.IsFinite(known) ? known : null;

    /// <summary>Null for a refused metric too: slices that were fetched before the refusal are only a part.</summary>
    private StatColumns? Column(string metric) => _row is null || _refused.Contains(metric) ? null : _folded.Columns.GetValueOrDefault(metric);
}
