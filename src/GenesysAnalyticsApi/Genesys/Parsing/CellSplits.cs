using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Numbers what tells parts of one cell apart: the qualifier of a metric, and the dimensions of its group beyond queue and media type. Most
/// answers have neither; that is number 0.
/// </summary>
internal sealed class CellSplits
{
    private readonly Dictionary<(string Dimensions, string? Qualifier), int> _numbers = new() { [("", null)] = 0 };
    private readonly SortedDictionary<string, string> _dimensions = new(StringComparer.Ordinal);
    private string? _joined = "";

    public string? Qualifier { get; set; }

    /// <summary>Of the group and the metric as far as they are read.</summary>
    public int Number => NumberWith(Qualifier);

    /// <summary>The whole text: what is cut could make one of two.</summary>
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
        // Control characters do not stand in names: no two sets of dimensions give the same text.
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
/// Genesys splits some cells: by a qualifier of the metric, or by a dimension of the group beyond queue and media type. Rows of a cell that
/// differ in these are its parts. Rows that do not are one figure that was sent twice: one of two equals is taken, and of two that differ
/// neither can be believed.
/// </summary>
/// <param name="cells">By row.</param>
/// <param name="splits">By row; null where nothing is split.</param>
/// <param name="isSame">Two rows have the same statistics.</param>
/// <param name="metric">For the failure's text.</param>
internal sealed class RepeatedCells(int[] cells, int[]? splits, Func<int, int, bool> isSame, string metric)
{
    /// <param name="order">Rows by cell.</param>
    /// <returns>The same without repetitions.</returns>
    /// <exception cref="GenesysException">Unreadable: a repetition says something else.</exception>
    public int[] Without(int[] order)
    {
        var kept = new List<int>(order.Length);
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
                kept.Add(row);
            }
            else if (!isSame(first[splits?[row] ?? 0], row))
            {
                throw GenesysFailures.Unreadable($"it has '{InputExcerpt.Of(metric)}' twice for one queue, media type and bucket, and the figures differ");
            }
        }

        return [.. kept];
    }
}
