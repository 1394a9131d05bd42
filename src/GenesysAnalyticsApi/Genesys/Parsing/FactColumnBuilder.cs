using System.Buffers;
using System.Numerics;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Genesys.Parsing;

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
    private int[]? _splits;
    private List<InvalidStatistic>? _odd;
    private int _used;
    private int _rows;

    /// <param name="split">What tells the row from others of its cell; 0 for nothing.</param>
    /// <param name="present">Bit i: statistic i is there.</param>
    /// <param name="values">By statistic; only what is present counts.</param>
    /// <returns>The row's number.</returns>
    public int Add(int cell, int split, int present, long count, ReadOnlySpan<double> values)
    {
        if (_rows == _capacity)
        {
            Grow();
        }

        _cells[_rows] = cell;
        Split(_rows, split);
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

    /// <summary>Statistics of a row that are left out.</summary>
    public void AddOdd(InvalidStatistic odd) => (_odd ??= []).Add(odd);

    public void Place(int row, int cell, int split)
    {
        _cells[row] = cell;
        Split(row, split);
    }

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

    private FactColumn AsItIs(string metric) => Columns(
        metric, _cells.AsSpan(0, _rows).ToArray(), _odd?.ToArray(), column => column.AsSpan(0, _rows).ToArray(), _counts?.AsSpan(0, _rows).ToArray());

    /// <summary>Rows that share a cell and that something tells apart are parts of it, and add up; where nothing does, the cell was repeated.</summary>
    private FactColumn Merged(string metric, int[] order)
    {
        var rows = new RepeatedCells(_cells, _splits, IsSame, metric).Without(order);
        var place = rows.Index().ToDictionary(row => row.Item, row => row.Index);
        var odd = _odd?.Where(one => place.ContainsKey(one.Row)).Select(one => one with { Row = place[one.Row] }).ToArray();
        int[] cells = [.. rows.Select(row => _cells[row])];
        var parts = Columns(
            metric, cells, odd is [] ? null : odd, column => Array.ConvertAll(rows, row => column[row]), _counts is { } counts ? Array.ConvertAll(rows, row => counts[row]) : null);
        int[] own = [.. cells.Distinct()];
        if (own.Length == cells.Length)
        {
            return parts;
        }

        var rowOf = own.Index().ToDictionary(cell => cell.Item, cell => cell.Index);
        var merged = new StatisticAccumulator(metric, own.Length, [parts]);
        merged.Add(parts, Array.ConvertAll(cells, cell => rowOf[cell]));
        return merged.ToFacts(own);
    }

    private FactColumn Columns(string metric, int[] cells, InvalidStatistic[]? odd, Func<double[], double[]> kept, long[]? counts)
    {
        return new()
        {
            Metric = metric,
            Cells = cells,
            Count = counts,
            Sum = Kept(Statistic.Sum),
            Min = Kept(Statistic.Min),
            Max = Kept(Statistic.Max),
            Numerator = Kept(Statistic.Numerator),
            Denominator = Kept(Statistic.Denominator),
            Target = Kept(Statistic.Target),
            P95 = Kept(Statistic.P95),
            P99 = Kept(Statistic.P99),
            Odd = odd,
        };

        double[]? Kept(Statistic statistic) => _doubles[(int)statistic] is { } column ? kept(column) : null;
    }

    private bool IsSame(int one, int other) =>
        (_counts is null || _counts[one] == _counts[other])
        && Array.TrueForAll(_doubles, column => column is null || column[one].Equals(column[other]))
        && OddOf(one).SequenceEqual(OddOf(other));

    private IEnumerable<(Statistic, string)> OddOf(int row) => (_odd ?? []).Where(odd => odd.Row == row).Select(odd => (odd.Statistic, odd.Value));

    private void Split(int row, int split)
    {
        if (split != 0 || _splits is not null)
        {
            _splits ??= Filled(0);
            _splits[row] = split;
        }
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
        _splits = _splits is null ? null : Grown(_splits);
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

        if (_splits is not null)
        {
            ArrayPool<int>.Shared.Return(_splits);
            _splits = null;
        }
    }
}
