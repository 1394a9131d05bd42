using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>
/// The reference for the fold: the statistics of one metric in plain arrays, indexed by row. It requires a value for every cell, so it needs no rules
/// for missing values.
/// </summary>
internal sealed class PlainColumns
{
    private long[]? _count;
    private double[]? _sum;
    private double[]? _min;
    private double[]? _max;
    private double[]? _numerator;
    private double[]? _denominator;
    private double[]? _target;

    public void Add(FactColumn column, int firstRow, int rows)
    {
        if (column.Count is { } counts)
        {
            _count ??= new long[rows];
            for (var i = 0; i < counts.Length; i++)
            {
                _count[firstRow + column.Cells[i]] += counts[i];
            }
        }

        AddUp(ref _sum, column.Sum, column.Cells, firstRow, rows);
        AddUp(ref _numerator, column.Numerator, column.Cells, firstRow, rows);
        AddUp(ref _denominator, column.Denominator, column.Cells, firstRow, rows);
        if (column.Min is { } mins)
        {
            _min ??= Filled(rows, double.PositiveInfinity);
            for (var i = 0; i < mins.Length; i++)
            {
                var row = firstRow + column.Cells[i];
                _min[row] = mins[i] < _min[row] ? mins[i] : _min[row];
            }
        }

        if (column.Max is { } maxes)
        {
            _max ??= new double[rows];
            for (var i = 0; i < maxes.Length; i++)
            {
                var row = firstRow + column.Cells[i];
                _max[row] = maxes[i] > _max[row] ? maxes[i] : _max[row];
            }
        }

        if (column.Target is { } targets)
        {
            _target ??= new double[rows];
            for (var i = 0; i < targets.Length; i++)
            {
                _target[firstRow + column.Cells[i]] = targets[i];
            }
        }
    }

    private static void AddUp(ref double[]? sums, double[]? parts, int[] cells, int firstRow, int rows)
    {
        if (parts is null)
        {
            return;
        }

        sums ??= new double[rows];
        for (var i = 0; i < parts.Length; i++)
        {
            sums[firstRow + cells[i]] += parts[i];
        }
    }

    private static double[] Filled(int rows, double value)
    {
        var filled = new double[rows];
        Array.Fill(filled, value);
        return filled;
    }
}
