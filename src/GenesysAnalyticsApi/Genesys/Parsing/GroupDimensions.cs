using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// The values of one group of a reply in the requested dimensions. Genesys omits a dimension without a value, such as the message type of a call. Values that
/// this service does not know are kept unchanged.
/// </summary>
internal sealed class GroupDimensions(Dimensions requested)
{
    private readonly Dimension[] _requested = [.. Dimension.Of(requested)];
    private readonly string?[] _values = new string?[Dimension.Of(requested).Count()];
    private readonly Utf8StringTable _texts = new();

    public DimensionValues Values => new(requested, [.. _values]);

    public void Begin() => Array.Clear(_values);

    /// <param name="name">Name of a dimension of the group.</param>
    /// <returns>False if the dimension was not requested or its value is empty.</returns>
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

/// <summary>Numbers the series of a reply, in the order of their first values.</summary>
internal sealed class SeriesNumbers
{
    private readonly Dictionary<(int QueueId, int MediaType, DimensionValues? Values), int> _numbers = [];
    private readonly List<FactSeries> _series = [];

    public int Count => _series.Count;

    /// <param name="key">The numbers of the queue id and of the media type, and the values of the requested dimensions.</param>
    public int NumberOf((int QueueId, int MediaType, DimensionValues? Values) key, string queueId, string mediaType)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, key, out var isKnown);
        if (!isKnown)
        {
            number = _series.Count;

            // Interned, because thousands of cached slices share a few thousand ids.
            _series.Add(new(string.Intern(queueId), string.Intern(mediaType), key.Values));
        }

        return number;
    }

    /// <summary>Keeps only the first <paramref name="count"/> series.</summary>
    public void RemoveAfter(int count)
    {
        foreach (var (key, _) in _numbers.Where(known => known.Value >= count).ToList())
        {
            _numbers.Remove(key);
        }

        _series.RemoveRange(count, _series.Count - count);
    }

    public ImmutableArray<FactSeries> ToArray() => [.. _series];
}

/// <summary>A point between two pages of a reply: the number of series and the number of rows of each column up to that point.</summary>
internal readonly record struct FactsMark(int Series, ImmutableArray<int> Rows);
