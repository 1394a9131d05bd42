using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Numbers the parts of one cell, which differ in the metric's qualifier or in group dimensions other than queue and media type. Most
/// replies have neither; that is number 0.
/// </summary>
internal sealed class CellSplits
{
    private readonly Dictionary<(string Dimensions, string? Qualifier), int> _numbers = new() { [("", null)] = 0 };
    private readonly SortedDictionary<string, string> _dimensions = new(StringComparer.Ordinal);
    private string? _joined = "";

    public string? Qualifier { get; set; }

    /// <summary>The number for the group and metric read so far.</summary>
    public int Number => NumberWith(Qualifier);

    /// <summary>The full text; truncation could make two values equal.</summary>
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

    public void BeginMetric() => Qualifier = null;

    public void SetDimension(string name, string value)
    {
        _dimensions[name] = value;
        _joined = null;
    }

    public int NumberWith(string? qualifier)
    {
        // Names contain no control characters, so different dimensions never give the same text.
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

/// <summary>
/// Removes repeated rows. Genesys splits some cells by the metric's qualifier or by group dimensions other than queue and media type; rows
/// that differ in these are parts of the cell. Other rows of the same cell are repetitions: equal ones are dropped, and conflicting ones
/// make the reply unreadable.
/// </summary>
/// <param name="cells">Cell of each row.</param>
/// <param name="splits">Split number of each row; null if no cell is split.</param>
/// <param name="isSame">Whether two rows have equal statistics.</param>
/// <param name="metric">For the failure message.</param>
internal sealed class RepeatedCells(int[] cells, int[]? splits, Func<int, int, bool> isSame, string metric)
{
    /// <param name="order">Rows sorted by cell.</param>
    /// <returns>The rows without repetitions.</returns>
    /// <exception cref="GenesysException">A repetition has different values.</exception>
    public int[] Without(int[] order)
    {
        var unique = new List<int>(order.Length);
        var first = new Dictionary<int, int>();
        for (var i = 0; i < order.Length; i++)
        {
            var row = order[i];
            if (i > 0 && cells[row] != cells[order[i - 1]])
            {
                first.Clear();
            }

            if (first.TryAdd(splits?[row] ?? 0, row))
            {
                unique.Add(row);
            }
            else if (!isSame(first[splits?[row] ?? 0], row))
            {
                throw GenesysFailures.Unreadable($"it has '{InputExcerpt.Of(metric)}' twice for one queue, media type and bucket, with different values");
            }
        }

        return [.. unique];
    }
}
