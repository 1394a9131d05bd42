using System.Numerics;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>A metric's column while it grows. An array exists from the first row that has its statistic.</summary>
internal sealed class FactColumnBuilder
{
    public const int NoCell = -1;

    private readonly double[]?[] _doubles = new double[]?[Statistics.Doubles];

    private int[] _cells = new int[16];
    private long[]? _counts;
    private int _used;
    private int _rows;

    /// <param name="present">Bit i: statistic i is there.</param>
    /// <param name="values">By statistic; only what is present counts.</param>
    /// <returns>The row's number.</returns>
    public int Add(int cell, int present, long count, ReadOnlySpan<double> values)
    {
        if (_rows == _cells.Length)
        {
            Grow();
        }

        _cells[_rows] = cell;
        if ((present & (1 << (int)Statistic.Count)) != 0)
        {
            _counts ??= new long[_cells.Length];
            _counts[_rows] = count;
        }

        _used |= present & ((1 << Statistics.Doubles) - 1);
        for (var left = _used; left != 0; left &= left - 1)
        {
            var statistic = BitOperations.TrailingZeroCount(left);
            var column = _doubles[statistic] ??= Without(_rows);
            column[_rows] = (present & (1 << statistic)) != 0 ? values[statistic] : double.NaN;
        }

        return _rows++;
    }

    public void Place(int row, int cell) => _cells[row] = cell;

    /// <summary>Null where no row found a cell.</summary>
    public FactColumn? ToColumn(string metric)
    {
        var order = Order();
        if (order.Length == 0)
        {
            return null;
        }

        var merge = new FactMerge(order, _cells, _counts);
        return new FactColumn
        {
            Metric = string.Intern(metric),
            Cells = merge.Cells(),
            Count = merge.Counts(),
            Sum = merge.Sums(_doubles[(int)Statistic.Sum]),
            Min = merge.Extremes(_doubles[(int)Statistic.Min], Math.Min),
            Max = merge.Extremes(_doubles[(int)Statistic.Max], Math.Max),
            Numerator = merge.Sums(_doubles[(int)Statistic.Numerator]),
            Denominator = merge.Sums(_doubles[(int)Statistic.Denominator]),
            Target = merge.Agreed(_doubles[(int)Statistic.Target]),
            P95 = merge.Alone(_doubles[(int)Statistic.P95]),
            P99 = merge.Alone(_doubles[(int)Statistic.P99]),
        };
    }

    /// <summary>The rows that have a cell, by cell.</summary>
    private int[] Order()
    {
        var order = new int[_rows];
        var length = 0;
        var isAscending = true;
        for (var row = 0; row < _rows; row++)
        {
            if (_cells[row] != NoCell)
            {
                isAscending = isAscending && (length == 0 || _cells[order[length - 1]] <= _cells[row]);
                order[length++] = row;
            }
        }

        Array.Resize(ref order, length);
        if (!isAscending)
        {
            // By row within a cell, so that equal answers give equal sums to the last bit.
            Array.Sort(order, (one, other) => _cells[one] != _cells[other] ? _cells[one].CompareTo(_cells[other]) : one.CompareTo(other));
        }

        return order;
    }

    private void Grow()
    {
        Array.Resize(ref _cells, _rows * 2);
        if (_counts is not null)
        {
            Array.Resize(ref _counts, _rows * 2);
        }

        for (var statistic = 0; statistic < _doubles.Length; statistic++)
        {
            if (_doubles[statistic] is not null)
            {
                Array.Resize(ref _doubles[statistic], _rows * 2);
            }
        }
    }

    private double[] Without(int rows)
    {
        var column = new double[_cells.Length];
        column.AsSpan(0, rows).Fill(double.NaN);
        return column;
    }
}
