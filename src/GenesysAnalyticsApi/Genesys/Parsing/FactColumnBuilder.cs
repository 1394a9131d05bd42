using System.Buffers;
using System.Numerics;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Builds the column of one metric in pooled arrays. The result is copied to arrays of the exact length. The array of a statistic is rented for the first row
/// that contains the statistic.
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

    public int Rows => _rows;

    /// <param name="split">Distinguishes rows of the same cell; see <see cref="CellSplits"/>.</param>
    /// <param name="present">Bit mask: bit i is set if statistic i is present.</param>
    /// <param name="values">The values, indexed by statistic. Only the values of present statistics are used.</param>
    /// <returns>The row's number.</returns>
    public int Add(int cell, int split, int present, long count, ReadOnlySpan<double> values)
    {
        if (_rows == _capacity)
        {
            Grow();
        }

        _cells[_rows] = cell;
        SetSplit(_rows, split);
        var hasCount = (present & (1 << (int)Statistic.Count)) != 0;
        if (hasCount || _counts is not null)
        {
            _counts ??= Filled(0L);
            _counts[_rows] = hasCount ? count : 0;
        }

        _used |= present & ((1 << Statistics.Doubles) - 1);
        for (var remaining = _used; remaining != 0; remaining &= remaining - 1)
        {
            var statistic = BitOperations.TrailingZeroCount(remaining);
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
        SetSplit(row, split);
    }

    /// <summary>Keeps only the first <paramref name="rows"/> rows.</summary>
    public void RemoveAfter(int rows)
    {
        _rows = rows;
        _invalid?.RemoveAll(statistic => statistic.Row >= rows);
        _invalid = _invalid is [] ? null : _invalid;
    }

    /// <summary>Returns the finished column, or null if no row has a cell. The builder cannot be used afterward.</summary>
    public FactColumn? ToColumn(string metric)
    {
        var name = string.Intern(metric);
        var column = IsOrdered() ? ColumnOf(name, null, _invalid) : RowsByCell() is { Length: > 0 } order ? Merged(name, order) : null;
        Return();
        return column;
    }

    /// <summary>
    /// True if there are rows with strictly ascending cells, so nothing needs to be sorted or merged. This is the usual order of Genesys replies.
    /// </summary>
    private bool IsOrdered()
    {
        var previous = NoCell;
        foreach (var cell in _cells.AsSpan(0, _rows))
        {
            if (cell <= previous)
            {
                return false;
            }

            previous = cell;
        }

        return _rows > 0;
    }

    /// <summary>Adds up rows that are parts of the same cell, and drops repeated rows.</summary>
    private FactColumn Merged(string metric, int[] order)
    {
        var rows = WithoutRepetitions(order, metric);
        var place = rows.Index().ToDictionary(row => row.Item, row => row.Index);
        var invalid = _invalid?.Where(statistic => place.ContainsKey(statistic.Row)).Select(statistic => statistic with { Row = place[statistic.Row] });
        var parts = ColumnOf(metric, rows, invalid);
        int[] distinct = [.. parts.Cells.Distinct()];
        if (distinct.Length == parts.Cells.Length)
        {
            return parts;
        }

        var rowOf = distinct.Index().ToDictionary(cell => cell.Item, cell => cell.Index);
        var merged = new StatisticAccumulator(metric, distinct.Length, [parts]);
        merged.Add(parts, Array.ConvertAll(parts.Cells, cell => rowOf[cell]));
        return merged.ToFacts(distinct);
    }

    /// <summary>
    /// Removes repeated rows. Genesys splits some cells by the metric's qualifier or by dimensions that were not requested. Rows that differ in the qualifier
    /// or in such a dimension are parts of the cell. Other rows of the same cell are repetitions: equal repetitions are dropped, and conflicting repetitions
    /// make the reply unreadable.
    /// </summary>
    private int[] WithoutRepetitions(int[] order, string metric)
    {
        var first = new Dictionary<(int Cell, int Split), int>(order.Length);
        return Array.FindAll(order, row =>
        {
            var part = (_cells[row], _splits?[row] ?? 0);
            if (!first.TryAdd(part, row) && !IsSame(first[part], row))
            {
                throw GenesysExceptionFactory.Unreadable($"it has '{InputExcerpt.Of(metric)}' twice for one queue, media type and bucket, with different values");
            }

            return first[part] == row;
        });
    }

    /// <param name="rows">The rows that the column contains, in this order; null for all rows.</param>
    private FactColumn ColumnOf(string metric, int[]? rows, IEnumerable<InvalidStatistic>? invalid)
    {
        InvalidStatistic[] invalidStatistics = [.. invalid ?? []];
        return new()
        {
            Metric = metric,
            Cells = Copy(_cells)!,
            Count = Copy(_counts),
            Sum = Copy(_doubles[(int)Statistic.Sum]),
            Min = Copy(_doubles[(int)Statistic.Min]),
            Max = Copy(_doubles[(int)Statistic.Max]),
            Numerator = Copy(_doubles[(int)Statistic.Numerator]),
            Denominator = Copy(_doubles[(int)Statistic.Denominator]),
            Target = Copy(_doubles[(int)Statistic.Target]),
            P95 = Copy(_doubles[(int)Statistic.P95]),
            P99 = Copy(_doubles[(int)Statistic.P99]),
            Invalid = invalidStatistics is [] ? null : invalidStatistics,
        };

        T[]? Copy<T>(T[]? column) =>
            column is null ? null : rows is null ? column.AsSpan(0, _rows).ToArray() : Array.ConvertAll(rows, row => column[row]);
    }

    private bool IsSame(int row, int otherRow) =>
        (_counts is null || _counts[row] == _counts[otherRow])
        && Array.TrueForAll(_doubles, column => column is null || column[row].Equals(column[otherRow]))
        && InvalidOf(row).SequenceEqual(InvalidOf(otherRow));

    private IEnumerable<(Statistic, string)> InvalidOf(int row) =>
        (_invalid ?? []).Where(statistic => statistic.Row == row).Select(statistic => (statistic.Statistic, statistic.Value));

    private void SetSplit(int row, int split)
    {
        if (split != 0 || _splits is not null)
        {
            _splits ??= Filled(0);
            _splits[row] = split;
        }
    }

    /// <summary>The rows that have a cell, sorted by cell, and by row within a cell, so equal replies lead to bit-identical sums.</summary>
    private int[] RowsByCell() => [.. Enumerable.Range(0, _rows).Where(row => _cells[row] != NoCell).OrderBy(row => _cells[row])];

    private void Grow()
    {
        _capacity *= 2;
        _cells = ArrayPool<int>.Shared.Grow(_cells, _capacity);
        _counts = _counts is null ? null : ArrayPool<long>.Shared.Grow(_counts, _capacity);
        _splits = _splits is null ? null : ArrayPool<int>.Shared.Grow(_splits, _capacity);
        for (var statistic = 0; statistic < _doubles.Length; statistic++)
        {
            _doubles[statistic] = _doubles[statistic] is { } column ? ArrayPool<double>.Shared.Grow(column, _capacity) : null;
        }
    }

    private T[] Filled<T>(T absent)
    {
        var column = ArrayPool<T>.Shared.Rent(_capacity);
        column.AsSpan(0, _rows).Fill(absent);
        return column;
    }

    // This method is not called for an unreadable reply. The arrays of such a reply are left to the garbage collector.
    private void Return()
    {
        Return(ref _cells!);
        Return(ref _counts);
        Return(ref _splits);
        for (var statistic = 0; statistic < _doubles.Length; statistic++)
        {
            Return(ref _doubles[statistic]);
        }
    }

    private static void Return<T>(ref T[]? array)
    {
        if (array is not null)
        {
            ArrayPool<T>.Shared.Return(array);
            array = null;
        }
    }
}
