namespace GenesysAnalyticsApi.Facts;

/// <summary>
/// Accumulates the statistics of one metric, in columns by row. Only this class defines how statistics are merged: parts of a cell, cells of a row and rows
/// of a total. Counts, sums, numerators and denominators are added. The smallest minimum and the largest maximum are kept. A target is kept only if all
/// parts have the same target. Percentiles and non-additive figures are kept only if there is one part. This is the inner loop of every response.
/// </summary>
internal sealed class StatisticAccumulator
{
    /// <summary>Marks a count or sum that cannot be computed from its parts.</summary>
    public const long Unknown = -1;

    /// <summary>An unknown sum during accumulation; adding to it leaves it unknown. NaN would mean that a part has no value.</summary>
    private const double UnknownSum = double.PositiveInfinity;

    /// <summary>The reported value of a sum that is too large to be exact.</summary>
    public const string BeyondRange = "a sum beyond 2^53 - 1";

    /// <summary>Marks a row to which nothing was added yet (negated for minimums). NaN marks a value that cannot be computed.</summary>
    private const double Unset = double.NegativeInfinity;

    private readonly bool[]? _hasCount;
    private readonly InvalidStatistics _invalid;

    /// <param name="metric">Genesys metric name.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="sources">The columns that will be added; only statistics that they contain are allocated.</param>
    public StatisticAccumulator(string metric, int rows, IEnumerable<FactColumn> sources)
    {
        Metric = metric;
        _invalid = new InvalidStatistics(rows);
        _hasCount = GenesysMetrics.KindOf(metric) == MetricKind.NotAdditive ? new bool[rows] : null;
        foreach (var source in sources)
        {
            Count ??= source.Count is null ? null : new long[rows];

            // A timer with a count has a sum. If the sum is missing, it is unknown, not zero.
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

    /// <summary>Invalid statistics that were dropped from the rows.</summary>
    public IReadOnlyList<InvalidStatistic> Invalid => _invalid.All;

    /// <summary>The value of an optional statistic; null if nothing was added or the value cannot be computed.</summary>
    public static double? Known(double[]? column, int row) => column is not null && double.IsFinite(column[row]) ? column[row] : null;

    /// <summary>True if a part of the row's statistic was dropped. A sum or count is then too low and must not be used in a quotient.</summary>
    public bool IsInvalid(int row, Statistic statistic) => _invalid.IsInvalid(row, statistic);

    /// <summary>Adds two counts; the result is unknown if either count is unknown or if the sum exceeds the largest count.</summary>
    public static long Plus(long first, long second) =>
        first < 0 || second < 0 || first > (long)Statistics.Largest - second ? Unknown : first + second;

    /// <summary>Adds each cell i of <paramref name="source"/> to row <paramref name="rows"/>[i]; -1 skips it.</summary>
    public void Add(FactColumn source, ReadOnlySpan<int> rows)
    {
        _invalid.Add(source.Invalid, rows);
        AddCounts(source.Count, rows);
        AddValues(Statistic.Sum, Sum, source.Sum, source.Count, null, rows);
        AddValues(Statistic.Numerator, Numerator, source.Numerator, null, source.Denominator, rows);
        AddValues(Statistic.Denominator, Denominator, source.Denominator, null, source.Numerator, rows);
        MergeExtreme<Smaller>(Min, source.Min, source.Count, rows);
        MergeExtreme<Larger>(Max, source.Max, source.Count, rows);
        MergeIfEqual(Target, source.Target, rows, keepEqual: _hasCount is null);
        MergeIfEqual(P95, source.P95, rows, keepEqual: false);
        MergeIfEqual(P99, source.P99, rows, keepEqual: false);
    }

    /// <summary>Converts the rows to cells of a column.</summary>
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
        Invalid = _invalid.All is [] ? null : [.. _invalid.All],
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

            var previous = target[row];
            if (_hasCount is null)
            {
                target[row] = Plus(previous, value);
                if (target[row] < 0 && previous >= 0 && value > 0)
                {
                    _invalid.Add(new(row, Statistic.Count, BeyondRange));
                }
            }
            else
            {
                target[row] = _hasCount[row] ? Unknown : value;
                _hasCount[row] = true;
            }
        }
    }

    /// <summary>Adds values to sums. A sum becomes unknown if a part has a count but no sum, or only a numerator or only a denominator.</summary>
    /// <param name="counts">Counts of the parts.</param>
    /// <param name="counterpart">The denominators if numerators are added, and vice versa.</param>
    private void AddValues(Statistic statistic, double[]? target, double[]? source, long[]? counts, double[]? counterpart, ReadOnlySpan<int> rows)
    {
        if (target is null || (source is null && counts is null && counterpart is null))
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

            var isMissing = double.IsNaN(value) && (counts?[i] is not (null or 0) || counterpart?[i] > 0);
            value = isMissing || value < 0 ? UnknownSum : double.IsNaN(value) ? 0 : value;
            var sum = target[row] + value;
            if (sum > Statistics.Largest && double.IsFinite(sum))
            {
                _invalid.Add(new(row, statistic, BeyondRange));
                sum = UnknownSum;
            }

            target[row] = sum;
        }
    }

    /// <summary>Merges extremes. An extreme becomes NaN, which min and max propagate, if a part has a count but no extreme.</summary>
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

    private static void MergeIfEqual(double[]? target, double[]? source, ReadOnlySpan<int> rows, bool keepEqual)
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

            var previous = target[row];
            target[row] = double.IsInfinity(previous) || (keepEqual && previous.Equals(value)) ? value : double.NaN;
        }
    }

    private static double[]? Finite(double[]? column, double replacement) => column is null || !Array.Exists(column, double.IsInfinity)
        ? column
        : Array.ConvertAll(column, value => double.IsInfinity(value) ? replacement : value);

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

    /// <summary>An operation that is passed as a type parameter, so that the JIT compiler inlines the call in the loop.</summary>
    private interface IExtreme
    {
        static abstract double Of(double first, double second);
    }

    private readonly struct Smaller : IExtreme
    {
        public static double Of(double first, double second) => double.Min(first, second);
    }

    private readonly struct Larger : IExtreme
    {
        public static double Of(double first, double second) => double.Max(first, second);
    }
}
