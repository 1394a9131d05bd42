using System.Buffers;
using System.Numerics;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// A metric's column while it grows, in pooled arrays: what is kept is copied out to its length in the end. An array exists from the
/// first row that has its statistic.
/// </summary>
internal sealed class FactColumnBuilder
{
    public const int NoCell = -1;

    private readonly double[]?[] _doubles = new double[]?[Statistics.Doubles];

    private int[] _cells = ArrayPool<int>.Shared.Rent(64);
    private int _capacity = 64;
    private long[]? _counts;
    private int _used;
    private int _rows;

    /// <param name="present">Bit i: statistic i is there.</param>
    /// <param name="values">By statistic; only what is present counts.</param>
    /// <returns>The row's number.</returns>
    public int Add(int cell, int present, long count, ReadOnlySpan<double> values)
    {
        if (_rows == _capacity)
        {
            Grow();
        }

        _cells[_rows] = cell;
        var hasCount = (present & (1 << (int)Statistic.Count)) != 0;
        if (hasCount || _counts is not null)
        {
            _counts ??= Filled(0L);
            _counts[_rows] = hasCount ? count : 0;
        }

        _used |= present & ((1 << Statistics.Doubles) - 1);
        for (var left = _used; left != 0; left &= left - 1)
        {
            var statistic = BitOperations.TrailingZeroCount(left);
            var column = _doubles[statistic] ??= Filled(double.NaN);
            column[_rows] = (present & (1 << statistic)) != 0 ? values[statistic] : double.NaN;
        }

        return _rows++;
    }

    public void Place(int row, int cell) => _cells[row] = cell;

    /// <summary>The column as it is kept; null where no row found a cell. The builder is used up by it.</summary>
    public FactColumn? ToColumn(string metric)
    {
        var name = string.Intern(metric);
        var column = IsOrdered() ? AsItIs(name) : Order() is { Length: > 0 } order ? Merged(name, order) : null;
        Return();
        return column;
    }

    /// <summary>Every row has a cell of its own, one after the other: so Genesys mostly writes, and then there is nothing to merge.</summary>
    private bool IsOrdered()
    {
        var before = NoCell;
        foreach (var cell in _cells.AsSpan(0, _rows))
        {
            if (cell <= before)
            {
                return false;
            }

            before = cell;
        }

        return _rows > 0;
    }

    private FactColumn AsItIs(string metric) => new()
    {
        Metric = metric,
        Cells = Kept(_cells)!,
        Count = Kept(_counts),
        Sum = Kept(_doubles[(int)Statistic.Sum]),
        Min = Kept(_doubles[(int)Statistic.Min]),
        Max = Kept(_doubles[(int)Statistic.Max]),
        Numerator = Kept(_doubles[(int)Statistic.Numerator]),
        Denominator = Kept(_doubles[(int)Statistic.Denominator]),
        Target = Kept(_doubles[(int)Statistic.Target]),
        P95 = Kept(_doubles[(int)Statistic.P95]),
        P99 = Kept(_doubles[(int)Statistic.P99]),
    };

    private T[]? Kept<T>(T[]? column) => column?.AsSpan(0, _rows).ToArray();

    private FactColumn Merged(string metric, int[] order)
    {
        var merge = new FactMerge(order, _cells, _counts);
        return new FactColumn
        {
            Metric = metric,
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
        _capacity *= 2;
        _cells = Grown(_cells);
        _counts = _counts is null ? null : Grown(_counts);
        for (var statistic = 0; statistic < _doubles.Length; statistic++)
        {
            _doubles[statistic] = _doubles[statistic] is { } column ? Grown(column) : null;
        }
    }

    private T[] Grown<T>(T[] old)
    {
        var grown = ArrayPool<T>.Shared.Rent(_capacity);
        old.AsSpan(0, _rows).CopyTo(grown);
        ArrayPool<T>.Shared.Return(old);
        return grown;
    }

    private T[] Filled<T>(T absent)
    {
        var column = ArrayPool<T>.Shared.Rent(_capacity);
        column.AsSpan(0, _rows).Fill(absent);
        return column;
    }

    // Only here: the arrays of an answer that turns out unreadable are the collector's.
    private void Return()
    {
        ArrayPool<int>.Shared.Return(_cells);
        _cells = [];
        foreach (var column in _doubles.OfType<double[]>())
        {
            ArrayPool<double>.Shared.Return(column);
        }

        Array.Clear(_doubles);
        if (_counts is not null)
        {
            ArrayPool<long>.Shared.Return(_counts);
            _counts = null;
        }
    }
}
