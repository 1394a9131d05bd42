using System.Text.Json;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// The values that a group of a reply has in the requested dimensions. Genesys leaves out a dimension without a value, such as the message type of a
/// call; unknown values are kept as they are.
/// </summary>
internal sealed class GroupDimensions(Dimensions requested)
{
    private readonly Dimension[] _requested = [.. Dimension.Of(requested)];
    private readonly string?[] _values = new string?[Dimension.Of(requested).Count()];
    private readonly Utf8StringTable _texts = new();

    public DimensionValues Values => new(requested, [.. _values]);

    public void Begin() => Array.Clear(_values);

    /// <param name="name">Name of a dimension of the group.</param>
    /// <returns>False if it was not requested or is empty.</returns>
    public bool Set(string name, ref Utf8JsonReader json)
    {
        var index = Array.FindIndex(_requested, dimension => dimension.GenesysName == name);
        if (index < 0 || (json.TokenType == JsonTokenType.String && json.ValueTextEquals(""u8)))
        {
            return false;
        }

        _values[index] = string.Intern(_texts[_texts.NumberOf(ref json)]);
        return true;
    }
}
