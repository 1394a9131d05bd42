namespace GenesysAnalyticsApi.Facts;

/// <summary>
/// Statistics of one metric that are being added up, in columns by row. The one place that says how each statistic merges, be it parts of
/// one cell, cells of one row, or rows of a total: counts, sums, numerators and denominators add; min and max are kept; a target stays only
/// while all parts agree; a percentile, and a count that does not add up, only while there is one part. It is the inner loop of answers.
/// </summary>
internal sealed class StatisticAccumulator
{
    /// <summary>A count or a sum that cannot be known from its parts.</summary>
    public const long Unknown = -1;

    /// <summary>An unknown sum while it grows, whatever is added. Not NaN, which says of a part that it has none.</summary>
    private const double UnknownSum = double.PositiveInfinity;

    /// <summary>The value of a sum that is larger than any statistic; it could not be exact.</summary>
    public const string BeyondRange = "a sum beyond 2^53 - 1";

    /// <summary>Nothing was added to this row yet (to a minimum: its negative). NaN says that it cannot be known.</summary>
    private const double Unset = double.NegativeInfinity;

    private readonly bool[]? _hasCount;
    private readonly InvalidRows _odd;

    /// <param name="metric">Genesys' name.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="sources">The columns that will be added: only the statistics they have are kept.</param>
    public StatisticAccumulator(string metric, int rows, IEnumerable<FactColumn> sources)
    {
        Metric = metric;
        _odd = new InvalidRows(rows);
        _hasCount = MetricCatalog.KindOf(metric) == MetricKind.NotAdditive ? new bool[rows] : null;
        foreach (var source in sources)
        {
            Count ??= source.Count is null ? null : new long[rows];

            // A timer that was counted has a sum: where none is given, it is unknown and not zero.
            Sum ??= source.Sum is null && (source.Count is null || metric is not ['t', ..]) ? null : new double[rows];
            Min ??= Filled(source.Min, rows, -Unset);
            Max ??= Filled(source.Max, rows, Unset);
            Numerator ??= source.Numerator is null && source.Denominator is null ? null : new double[rows];
            Denominator ??= source.Numerator is null && source.Denominator is null ? null : new double[rows];
            Target ??= Filled(source.Target, rows, Unset);
            P95 ??= Filled(source.P95, rows, Unset);
            P99 ??= Filled(source.P99, rows, Unset);
        }
    }

    public string Metric { get; }

    public long[]? Count { get; }

    public double[]? Sum { get; }

    public double[]? Min { get; }

    public double[]? Max { get; }

    public double[]? Numerator { get; }

    public double[]? Denominator { get; }

    public double[]? Target { get; }

    public double[]? P95 { get; }

    public double[]? P99 { get; }

    /// <summary>What was left out of the rows.</summary>
    public IReadOnlyList<InvalidStatistic> Odd => _odd.All;

    /// <summary>A statistic that may be missing: null where nothing was added or where it cannot be known.</summary>
    public static double? Known(double[]? column, int row) => column is not null && double.IsFinite(column[row]) ? column[row] : null;

    /// <summary>A part of the row's statistic was left out: what is there is too low, and no quotient can be made of it.</summary>
    public bool IsOdd(int row, Statistic statistic) => _odd.Has(row, statistic);

    /// <summary>Two counts together; unknown where one is, or where the sum is larger than any count.</summary>
    public static long Plus(long one, long other) =>
        one < 0 || other < 0 || one > (long)Statistics.Largest - other ? Unknown : one + other;

    /// <summary>Adds each cell i of <paramref name="source"/> to row <paramref name="rows"/>[i]; -1 leaves it out.</summary>
    public void Add(FactColumn source, ReadOnlySpan<int> rows)
    {
        _odd.Add(source.Odd, rows);
        AddCounts(source.Count, rows);
        AddValues(Statistic.Sum, Sum, source.Sum, source.Count, null, rows);
        AddValues(Statistic.Numerator, Numerator, source.Numerator, null, source.Denominator, rows);
        AddValues(Statistic.Denominator, Denominator, source.Denominator, null, source.Numerator, rows);
        MergeExtreme<Least>(Min, source.Min, source.Count, rows);
        MergeExtreme<Greatest>(Max, source.Max, source.Count, rows);
        MergeIfEqual(Target, source.Target, rows, whileEqual: _hasCount is null);
        MergeIfEqual(P95, source.P95, rows, whileEqual: false);
        MergeIfEqual(P99, source.P99, rows, whileEqual: false);
    }

    /// <summary>The rows as cells, to be added again or stored.</summary>
    public FactColumn ToFacts(int[] cells) => new()
    {
        Metric = Metric,
        Cells = cells,
        Count = Count,
        Sum = Finite(Sum, Unknown),
        Min = Finite(Min, double.NaN),
        Max = Finite(Max, double.NaN),
        Numerator = Finite(Numerator, Unknown),
        Denominator = Finite(Denominator, Unknown),
        Target = Target,
        P95 = P95,
        P99 = P99,
        Odd = _odd.All is [] ? null : [.. _odd.All],
    };

    private void AddCounts(long[]? source, ReadOnlySpan<int> rows)
    {
        if (Count is not { } target || source is null)
        {
            return;
        }

        for (var i = 0; i < rows.Length; i++)
        {
            var (row, value) = (rows[i], source[i]);
            if (row < 0 || value == 0)
            {
                continue;
            }

            var before = target[row];
            if (_hasCount is null)
            {
                target[row] = Plus(before, value);
                if (target[row] < 0 && before >= 0 && value > 0)
                {
                    _odd.Add(new(row, Statistic.Count, BeyondRange));
                }
            }
            else
            {
                target[row] = _hasCount[row] ? Unknown : value;
                _hasCount[row] = true;
            }
        }
    }

    /// <summary>A part that counted something but lacks the sum makes it unknowable; so does a half of a ratio that lacks its other half.</summary>
    /// <param name="counts">What says that the part counted something.</param>
    /// <param name="half">The other half of a ratio.</param>
    private void AddValues(Statistic statistic, double[]? target, double[]? source, long[]? counts, double[]? half, ReadOnlySpan<int> rows)
    {
        if (target is null || (source is null && counts is null && half is null))
        {
            return;
        }

        for (var i = 0; i < rows.Length; i++)
        {
            var (row, value) = (rows[i], source is null ? double.NaN : source[i]);
            if (row < 0)
            {
                continue;
            }

            var isMissed = double.IsNaN(value) && (counts?[i] is not (null or 0) || half?[i] > 0);
            value = isMissed || value < 0 ? UnknownSum : double.IsNaN(value) ? 0 : value;
            var sum = target[row] + value;
            if (sum > Statistics.Largest && double.IsFinite(sum))
            {
                _odd.Add(new(row, statistic, BeyondRange));
                sum = UnknownSum;
            }

            target[row] = sum;
        }
    }

    /// <summary>A part that counted something but lacks the extreme makes it unknowable: NaN, which min and max pass on.</summary>
    private static void MergeExtreme<TExtreme>(double[]? target, double[]? source, long[]? counts, ReadOnlySpan<int> rows)
        where TExtreme : IExtreme
    {
        if (target is null)
        {
            return;
        }

        for (var i = 0; i < rows.Length; i++)
        {
            var (row, value) = (rows[i], source is null ? double.NaN : source[i]);
            var isEmpty = double.IsNaN(value) && (counts is null || counts[i] == 0);
            if (row >= 0 && !isEmpty && !double.IsInfinity(value))
            {
                target[row] = TExtreme.Of(target[row], value);
            }
        }
    }

    private static void MergeIfEqual(double[]? target, double[]? source, ReadOnlySpan<int> rows, bool whileEqual)
    {
        if (target is null)
        {
            return;
        }

        for (var i = 0; i < rows.Length; i++)
        {
            var (row, value) = (rows[i], source is null ? double.NaN : source[i]);
            if (row < 0 || double.IsInfinity(value))
            {
                continue;
            }

            var before = target[row];
            target[row] = double.IsInfinity(before) || (whileEqual && before.Equals(value)) ? value : double.NaN;
        }
    }

    private static double[]? Finite(double[]? column, double otherwise) => column is null || !Array.Exists(column, double.IsInfinity)
        ? column
        : Array.ConvertAll(column, value => double.IsInfinity(value) ? otherwise : value);

    private static double[]? Filled(double[]? source, int rows, double value)
    {
        if (source is null)
        {
            return null;
        }

        var filled = new double[rows];
        Array.Fill(filled, value);
        return filled;
    }

    /// <summary>A type of its own for each, so that no call is left in the loop.</summary>
    private interface IExtreme
    {
        static abstract double Of(double one, double other);
    }

    private readonly struct Least : IExtreme
    {
        public static double Of(double one, double other) => double.Min(one, other);
    }

    private readonly struct Greatest : IExtreme
    {
        public static double Of(double one, double other) => double.Max(one, other);
    }
}
