using System.Text;
using System.Text.Json;

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
