using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;

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

/// <summary>
/// Numbers the distinct strings of a reply in order of first occurrence. The strings are looked up by their UTF-8 bytes, so an id that occurs ten thousand
/// times is decoded once.
/// </summary>
internal sealed class Utf8StringTable
{
    /// <summary>The maximum size of a string. Genesys' ids, media types, metrics and intervals have fewer than 100 bytes.</summary>
    private const int MaxNameBytes = 1_000;

    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _numbers =
        new Dictionary<byte[], int>(new Utf8Comparer()).GetAlternateLookup<ReadOnlySpan<byte>>();

    private readonly List<string> _texts = [];

    public string this[int number] => _texts[number];

    /// <summary>Creates a table in which the given strings have the first numbers. The strings must be distinct.</summary>
    public static Utf8StringTable Of(IEnumerable<string> texts)
    {
        var table = new Utf8StringTable();
        foreach (var text in texts)
        {
            table.NumberOf(text);
        }

        return table;
    }

    public int NumberOf(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            throw GenesysExceptionFactory.Unreadable("one of its names is not a string");
        }

        var bytes = json.ValueIsEscaped ? Encoding.UTF8.GetBytes(json.GetString()!) : json.ValueSpan;
        return _numbers.TryGetValue(bytes, out var number) ? number : Add(bytes, json.GetString()!);
    }

    /// <summary>The number of a string that is already decoded.</summary>
    public int NumberOf(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return _numbers.TryGetValue(bytes, out var number) ? number : Add(bytes, text);
    }

    private int Add(ReadOnlySpan<byte> bytes, string text)
    {
        if (bytes.Length > MaxNameBytes)
        {
            throw GenesysExceptionFactory.Unreadable($"one of its names has more than {MaxNameBytes} bytes");
        }

        _numbers[bytes] = _texts.Count;
        _texts.Add(text);
        return _texts.Count - 1;
    }

    // Processes eight bytes per step. Ids and intervals can differ in any byte, so all bytes are hashed.
    internal static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(bytes)) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 32;
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 0x100000001B3;
        }

        // Without this step only the first four bytes of the last block would influence the hash: its two halves would cancel each other out.
        return (uint)((hash * 0x9E3779B97F4A7C15) >> 32);
    }

    private sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] bytes) => (int)Hash(bytes);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> bytes) => (int)Hash(bytes);

        public byte[] Create(ReadOnlySpan<byte> bytes) => bytes.ToArray();
    }
}

/// <summary>Maps names that differ only in their spelling, such as a GUID in upper case, to one number of a <see cref="Utf8StringTable"/>.</summary>
internal sealed class CanonicalNames(Func<string, string> canonical)
{
    // Indexed by the number of the spelling that was read. There are few spellings, so a list is fast enough.
    private readonly List<int> _numbers = [];

    public int NumberOf(Utf8StringTable names, ref Utf8JsonReader json)
    {
        var number = names.NumberOf(ref json);
        while (_numbers.Count <= number)
        {
            _numbers.Add(names.NumberOf(canonical(names[_numbers.Count])));
        }

        return _numbers[number];
    }
}
