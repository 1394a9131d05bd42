using System.Numerics;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Collects the valid and invalid statistics of one metric in one cell during parsing. One instance serves a whole reply; <see cref="Begin"/> starts
/// the next metric.
/// </summary>
internal sealed class CellStatistics
{
    private const int MaxDistinctValues = 64;
    private const int Count = 1 << (int)Statistic.Count;
    private const int Sum = 1 << (int)Statistic.Sum;
    private const int All = 1 << (int)Statistic.All;

    /// <summary>Invalid values of these statistics become 0, so totals still include the valid values of other cells.</summary>
    private const int Additive = Count | Sum | (1 << (int)Statistic.Numerator) | (1 << (int)Statistic.Denominator);

    private readonly double[] _values = new double[Statistics.Doubles];
    private readonly string[] _invalidValues = new string[(int)Statistic.All + 1];
    private readonly HashSet<string> _distinctValues = new(StringComparer.Ordinal);

    private int _present;
    private int _invalid;
    private long _count;

    public bool IsEmpty => (_present | _invalid) == 0;

    public void Begin() => (_present, _invalid) = (0, 0);

    public void Add(Statistic statistic, ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (!StatisticReader.TryRead(statistic, ref json, out var number))
        {
            AddInvalid(statistic, ref json);
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
        (_present, _invalid) = (_present | bit, _invalid & ~bit);
    }

    public void AddInvalid(Statistic statistic, ref Utf8JsonReader json)
    {
        _invalid |= 1 << (int)statistic;
        _invalidValues[(int)statistic] = Intern(StatisticReader.Shown(ref json));
    }

    /// <summary>Marks all statistics as invalid.</summary>
    public void InvalidateAll(string value) => (_invalid, _invalidValues[(int)Statistic.All]) = (All, value);

    /// <returns>The index of the added row.</returns>
    public int AddTo(FactColumnBuilder column, int cell, int split, bool isTimer)
    {
        _present = (_invalid & All) != 0 ? 0 : _present & ~_invalid;
        SetToZero(_invalid & Additive);
        if (isTimer && (_present & (Count | Sum)) == Sum && _values[(int)Statistic.Sum] != 0)
        {
            // Genesys sent a sum above 0 but no count: there were events, but their number is unknown.
            (_count, _present) = (StatisticAccumulator.Unknown, _present | Count);
        }

        var row = column.Add(cell, split, _present, _count, _values);
        for (var remaining = _invalid; remaining != 0; remaining &= remaining - 1)
        {
            var statistic = BitOperations.TrailingZeroCount(remaining);
            column.AddInvalid(new InvalidStatistic(row, (Statistic)statistic, _invalidValues[statistic]));
        }

        return row;
    }

    private void SetToZero(int statistics)
    {
        _present |= statistics;
        _count = (statistics & Count) != 0 ? 0 : _count;
        for (var remaining = statistics & ~Count; remaining != 0; remaining &= remaining - 1)
        {
            _values[BitOperations.TrailingZeroCount(remaining)] = 0;
        }
    }

    /// <summary>A reply could contain a million invalid values. Only the first distinct values are kept, and all later values become an ellipsis.</summary>
    private string Intern(string value)
    {
        if (_distinctValues.Count < MaxDistinctValues)
        {
            _distinctValues.Add(value);
        }

        return _distinctValues.TryGetValue(value, out var known) ? known : "…";
    }
}

/// <summary>
/// Numbers the parts of one cell. The parts differ in the metric's qualifier or in dimensions of the group that were not requested. Most replies contain
/// neither qualifiers nor such dimensions, so each of their cells has a single part with the number 0.
/// </summary>
internal sealed class CellSplits
{
    private readonly Dictionary<(string Dimensions, string? Qualifier), int> _numbers = new() { [("", null)] = 0 };
    private readonly SortedDictionary<string, string> _dimensions = new(StringComparer.Ordinal);
    private string? _joined = "";

    public string? Qualifier { get; set; }

    /// <summary>The number of the part that the group and the metric read so far belong to.</summary>
    public int Number => NumberWith(Qualifier);

    /// <summary>Returns the full text, because truncation could make two values equal.</summary>
    public static string TextOf(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String ? json.GetString()! : Encoding.ASCII.GetString(json.ValueSpan);

    public void BeginGroup()
    {
        if (_dimensions.Count > 0)
        {
            _dimensions.Clear();
            _joined = "";
        }
    }

    public void SetDimension(string name, string value)
    {
        _dimensions[name] = value;
        _joined = null;
    }

    public int NumberWith(string? qualifier)
    {
        // Genesys' names and values contain no control characters, so different dimensions never give the same text.
        _joined ??= string.Join('\u001e', _dimensions.Select(dimension => $"{dimension.Key}\u001f{dimension.Value}"));
        if (_joined.Length == 0 && qualifier is null)
        {
            return 0;
        }

        var split = (_joined, qualifier);
        if (!_numbers.TryGetValue(split, out var number))
        {
            _numbers.Add(split, number = _numbers.Count);
        }

        return number;
    }
}
