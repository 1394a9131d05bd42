using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace GenesysAnalyticsApi.Text;

/// <summary>Checks text that another program might have written.</summary>
internal static class UnicodeText
{
    /// <summary>Returns whether the text is not null, is not too long and is well-formed UTF-16. A lone surrogate cannot be written as JSON.</summary>
    public static bool IsValid(string? text, int maxLength)
    {
        if (text is null || text.Length > maxLength)
        {
            return false;
        }

        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var read) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[read..];
        }

        return true;
    }

    public static bool IsValidOrNull(string? text, int maxLength) => text is null || IsValid(text, maxLength);
}

/// <summary>
/// Canonical decompositions and combining classes of Unicode. The service runs without ICU (InvariantGlobalization), so <see cref="string.Normalize()"/>
/// changes nothing. The data is therefore embedded as unicode-canonical.txt.
/// </summary>
internal static class UnicodeCanonical
{
    // All combining marks are at or above this code point, so most Latin text needs no lookup.
    private const int FirstMark = 0x300;

    private static readonly FrozenDictionary<int, int[]> Decompositions = Entries("[decompositions]")
        .ToFrozenDictionary(entry => Hex(entry.Of), entry => entry.Value.Split('+').Select(Hex).ToArray());

    private static readonly FrozenDictionary<int, byte> Classes = Entries("[combining-classes]")
        .SelectMany(entry => Range(entry.Of.Split('-')).Select(mark => (Mark: mark, Class: byte.Parse(entry.Value, CultureInfo.InvariantCulture))))
        .ToFrozenDictionary(entry => entry.Mark, entry => entry.Class);

    /// <summary>Returns the combining class: 0 for base characters. The order of marks with different classes has no meaning.</summary>
    public static int ClassOf(Rune rune) => rune.Value < FirstMark ? 0 : Classes.GetValueOrDefault(rune.Value);

    /// <summary>Returns the canonical decomposition (NFD). Only Hangul is composed instead, so that a syllable is one character.</summary>
    public static List<Rune> Decompose(IEnumerable<Rune> text)
    {
        var decomposed = new List<Rune>();
        foreach (var rune in text)
        {
            foreach (var part in rune.Value >= 0xC0 ? Decompositions.GetValueOrDefault(rune.Value) ?? [rune.Value] : [rune.Value])
            {
                Add(decomposed, new Rune(part));
            }
        }

        return decomposed;
    }

    private static void Add(List<Rune> text, Rune rune)
    {
        if (text is [.., var last] && Hangul(last.Value, rune.Value) is { } syllable)
        {
            text[^1] = syllable;
            return;
        }

        // A mark is inserted after marks of the same or a lower class, and before marks of a higher class.
        var (index, ownClass) = (text.Count, ClassOf(rune));
        while (ownClass > 0 && index > 0 && ClassOf(text[index - 1]) > ownClass)
        {
            index--;
        }

        text.Insert(index, rune);
    }

    private static Rune? Hangul(int first, int second) => (first, second) switch
    {
        ( >= 0x1100 and <= 0x1112, >= 0x1161 and <= 0x1175) => new Rune(0xAC00 + ((((first - 0x1100) * 21) + second - 0x1161) * 28)),
        ( >= 0xAC00 and <= 0xD7A3, >= 0x11A8 and <= 0x11C2) when (first - 0xAC00) % 28 == 0 => new Rune(first + second - 0x11A7),
        _ => null,
    };

    /// <summary>Reads the entries of one section of the embedded data.</summary>
    private static IEnumerable<(string Of, string Value)> Entries(string section)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("unicode-canonical.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries)
            .SkipWhile(line => line != section).Skip(1).TakeWhile(line => line is not ['[', ..])
            .Where(line => line is not ([] or ['#', ..]))
            .SelectMany(line => line.Split(' '))
            .Select(entry => entry.Split('='))
            .Select(sides => (sides[0], sides[1]));
    }

    /// <summary>Returns the code points from the first to the last. A range of one code point has only one end.</summary>
    private static IEnumerable<int> Range(string[] ends) => Enumerable.Range(Hex(ends[0]), Hex(ends[^1]) - Hex(ends[0]) + 1);

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
