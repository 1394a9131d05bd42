using System.Text;
using System.Text.Json;

namespace GenesysAnalyticsApi.Genesys;

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
