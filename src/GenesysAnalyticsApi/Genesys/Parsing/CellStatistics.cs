using System.Numerics;
using System.Text.Json;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>The statistics of one metric in one cell while they are read: what is there, and what cannot be right.</summary>
internal sealed class CellStatistics
{
    private const int MostValues = 64;
    private const int Count = 1 << (int)Statistic.Count;
    private const int Sum = 1 << (int)Statistic.Sum;
    private const int All = 1 << (int)Statistic.Other;

    /// <summary>Odd ones among these say 0, so that the other parts of a sum stand.</summary>
    private const int AddingUp = Count | Sum | (1 << (int)Statistic.Numerator) | (1 << (int)Statistic.Denominator);

    private readonly double[] _values = new double[Statistics.Doubles];
    private readonly string[] _oddValues = new string[(int)Statistic.Other + 1];
    private readonly HashSet<string> _remembered = new(StringComparer.Ordinal);

    private int _present;
    private int _odd;
    private long _count;

    public bool IsEmpty => (_present | _odd) == 0;

    public void Begin() => (_present, _odd) = (0, 0);

    public void Add(Statistic statistic, ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (!StatisticReader.TryRead(statistic, ref json, out var number))
        {
            AddOdd(statistic, ref json);
            return;
        }

        if (statistic == Statistic.Count)
        {
            _count = (long)number;
        }
        else
        {
            _values[(int)statistic] = number;
        }

        var bit = 1 << (int)statistic;
        (_present, _odd) = (_present | bit, _odd & ~bit);
    }

    public void AddOdd(Statistic statistic, ref Utf8JsonReader json)
    {
        _odd |= 1 << (int)statistic;
        _oddValues[(int)statistic] = Remembered(StatisticReader.Shown(ref json));
    }

    /// <summary>All of them are lost.</summary>
    public void Lose(string why) => (_odd, _oddValues[(int)Statistic.Other]) = (All, why);

    /// <returns>The row's number.</returns>
    public int AddTo(FactColumnBuilder column, int cell, int split, bool isTimer)
    {
        _present = (_odd & All) != 0 ? 0 : _present & ~_odd;
        CountNothing(_odd & AddingUp);
        if (isTimer && (_present & (Count | Sum)) == Sum && _values[(int)Statistic.Sum] != 0)
        {
            // Time has passed, so something was counted.
            (_count, _present) = (StatisticAccumulator.Unknown, _present | Count);
        }

        var row = column.Add(cell, split, _present, _count, _values);
        for (var left = _odd; left != 0; left &= left - 1)
        {
            var statistic = BitOperations.TrailingZeroCount(left);
            column.AddOdd(new InvalidStatistic(row, (Statistic)statistic, _oddValues[statistic]));
        }

        return row;
    }

    private void CountNothing(int statistics)
    {
        _present |= statistics;
        _count = (statistics & Count) != 0 ? 0 : _count;
        for (var left = statistics & ~Count; left != 0; left &= left - 1)
        {
            _values[BitOperations.TrailingZeroCount(left)] = 0;
        }
    }

    /// <summary>An answer may have a million odd figures; a few of their values are seen.</summary>
    private string Remembered(string value)
    {
        if (_remembered.Count < MostValues)
        {
            _remembered.Add(value);
        }

        return _remembered.TryGetValue(value, out var known) ? known : "…";
    }
}
