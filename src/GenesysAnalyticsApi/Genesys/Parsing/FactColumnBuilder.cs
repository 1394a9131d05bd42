using System.Buffers;
using System.Numerics;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Builds the column of one metric in pooled arrays; the result is copied to arrays of the exact length. The array of a statistic is created
/// with the first row that has it.
/// </summary>
internal sealed class FactColumnBuilder
{
    public const int NoCell = -1;

    private readonly double[]?[] _doubles = new double[]?[Statistics.Doubles];

    private int[] _cells = ArrayPool<int>.Shared.Rent(64);
    private int _capacity = 64;
    private long[]? _counts;
    private int[]? _splits;
    private List<InvalidStatistic>? _invalid;
    private int _used;
    private int _rows;

    /// <param name="split">Distinguishes rows of the same cell; see <see cref="CellSplits"/>.</param>
    /// <param name="present">Bit mask: bit i is set if statistic i is present.</param>
    /// <param name="values">Indexed by statistic; only present ones are used.</param>
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

    /// <summary>Records an invalid statistic.</summary>
    public void AddInvalid(InvalidStatistic statistic) => (_invalid ??= []).Add(statistic);

    public void Place(int row, int cell, int split)
    {
        _cells[row] = cell;
        Split(row, split);
    }

    /// <summary>Returns the finished column, or null if no row has a cell. The builder cannot be used afterwards.</summary>
    public FactColumn? ToColumn(string metric)
    {
        var name = string.Intern(metric);
        var column = IsOrdered() ? Unmerged(name) : Order() is { Length: > 0 } order ? Merged(name, order) : null;
        Return();
        return column;
    }

    /// <summary>True if the cells are strictly ascending, so that nothing needs to be sorted or merged. This is the usual order of Genesys replies.</summary>
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

    private FactColumn Unmerged(string metric) => Columns(
        metric, _cells.AsSpan(0, _rows).ToArray(), _invalid?.ToArray(), column => column.AsSpan(0, _rows).ToArray(), _counts?.AsSpan(0, _rows).ToArray());

    /// <summary>Adds up rows that are parts of the same cell, and drops repeated ones.</summary>
    private FactColumn Merged(string metric, int[] order)
    {
        var rows = new RepeatedCells(_cells, _splits, IsSame, metric).Without(order);
        var place = rows.Index().ToDictionary(row => row.Item, row => row.Index);
        var invalid = _invalid?.Where(one => place.ContainsKey(one.Row)).Select(one => one with { Row = place[one.Row] }).ToArray();
        int[] cells = [.. rows.Select(row => _cells[row])];
        var parts = Columns(
            metric, cells, invalid is [] ? null : invalid, column => Array.ConvertAll(rows, row => column[row]), _counts is { } counts ? Array.ConvertAll(rows, row => counts[row]) : null);
        int[] distinct = [.. cells.Distinct()];
        if (distinct.Length == cells.Length)
        {
            return parts;
        }

        var rowOf = distinct.Index().ToDictionary(cell => cell.Item, cell => cell.Index);
        var merged = new StatisticAccumulator(metric, distinct.Length, [parts]);
        merged.Add(parts, Array.ConvertAll(cells, cell => rowOf[cell]));
        return merged.ToFacts(distinct);
    }

    private FactColumn Columns(string metric, int[] cells, InvalidStatistic[]? invalid, Func<double[], double[]> copy, long[]? counts)
    {
        return new()
        {
            Metric = metric,
            Cells = cells,
            Count = counts,
            Sum = Copy(Statistic.Sum),
            Min = Copy(Statistic.Min),
            Max = Copy(Statistic.Max),
            Numerator = Copy(Statistic.Numerator),
            Denominator = Copy(Statistic.Denominator),
            Target = Copy(Statistic.Target),
            P95 = Copy(Statistic.P95),
            P99 = Copy(Statistic.P99),
            Invalid = invalid,
        };

        double[]? Copy(Statistic statistic) => _doubles[(int)statistic] is { } column ? copy(column) : null;
    }

    private bool IsSame(int one, int other) =>
        (_counts is null || _counts[one] == _counts[other])
        && Array.TrueForAll(_doubles, column => column is null || column[one].Equals(column[other]))
        && InvalidOf(one).SequenceEqual(InvalidOf(other));

    private IEnumerable<(Statistic, string)> InvalidOf(int row) => (_invalid ?? []).Where(one => one.Row == row).Select(one => (one.Statistic, one.Value));

    private void Split(int row, int split)
    {
        if (split != 0 || _splits is not null)
        {
            _splits ??= Filled(0);
            _splits[row] = split;
        }
    }

    /// <summary>The rows that have a cell, sorted by cell.</summary>
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
            // Sorted by row within a cell, so that equal replies give bit-identical sums.
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

    // The arrays of an unreadable reply are left to the garbage collector.
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
