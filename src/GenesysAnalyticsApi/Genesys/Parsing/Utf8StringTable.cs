using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Numbers the distinct strings of a reply in order of first occurrence, looked up by their UTF-8 bytes. An id that occurs ten thousand
/// times is decoded once.
/// </summary>
internal sealed class Utf8StringTable
{
    /// <summary>Genesys' ids, media types, metrics and intervals have less than 100 bytes.</summary>
    private const int MaxNameBytes = 1_000;

    private readonly List<(byte[] Bytes, uint Hash, string Text)> _names = [];

    // Open addressing: 0 is free, other values are the number plus one.
    private int[] _slots = new int[64];

    public string this[int number] => _names[number].Text;

    public int Count => _names.Count;

    public int NumberOf(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            throw GenesysFailures.Unreadable("one of its names is not a string");
        }

        return json.ValueIsEscaped
            ? NumberOf(Encoding.UTF8.GetBytes(json.GetString()!), ref json)
            : NumberOf(json.ValueSpan, ref json);
    }

    /// <summary>The number of a string that is already decoded.</summary>
    public int NumberOf(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var hash = Hash(bytes);
        return Find(bytes, hash) is var number and >= 0 ? number : Add(bytes, hash, text);
    }

    private int NumberOf(ReadOnlySpan<byte> bytes, ref Utf8JsonReader json)
    {
        var hash = Hash(bytes);
        return Find(bytes, hash) is var number and >= 0 ? number : Add(bytes, hash, json.GetString()!);
    }

    private int Find(ReadOnlySpan<byte> bytes, uint hash)
    {
        var mask = (uint)_slots.Length - 1;
        for (var slot = hash & mask; ; slot = (slot + 1) & mask)
        {
            var number = _slots[slot] - 1;
            if (number < 0 || (_names[number].Hash == hash && bytes.SequenceEqual(_names[number].Bytes)))
            {
                return number;
            }
        }
    }

    private int Add(ReadOnlySpan<byte> bytes, uint hash, string text)
    {
        if (bytes.Length > MaxNameBytes)
        {
            throw GenesysFailures.Unreadable($"one of its names has more than {MaxNameBytes} bytes");
        }

        _names.Add((bytes.ToArray(), hash, text));
        if (_names.Count * 2 > _slots.Length)
        {
            _slots = new int[_slots.Length * 2];
            for (var number = 0; number < _names.Count; number++)
            {
                Place(_names[number].Hash, number);
            }
        }
        else
        {
            Place(hash, _names.Count - 1);
        }

        return _names.Count - 1;
    }

    private void Place(uint hash, int number)
    {
        var mask = (uint)_slots.Length - 1;
        var slot = hash & mask;
        while (_slots[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        _slots[slot] = number + 1;
    }

    // Processes eight bytes per step. Ids and intervals can differ in any byte, so all are hashed.
    internal static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(bytes)) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 32;
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var one in bytes)
        {
            hash = (hash ^ one) * 0x100000001B3;
        }

        // Without this step the last block would count with its first four bytes only: its two halves would cancel each other.
        return (uint)((hash * 0x9E3779B97F4A7C15) >> 32);
    }
}

/// <summary>Maps names that differ only in their spelling, such as a GUID in upper case, to one number of a <see cref="Utf8StringTable"/>.</summary>
internal sealed class CanonicalNames(Func<string, string> canonical)
{
    // By the number of the spelling that was read; spellings are few, so that a list finds them at once.
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
