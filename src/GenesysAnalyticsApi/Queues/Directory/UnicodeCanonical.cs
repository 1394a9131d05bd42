using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>
/// Canonical decompositions and combining classes of Unicode. The service runs without ICU (InvariantGlobalization), where <see
/// cref="string.Normalize()"/> changes nothing, so the data is embedded as unicode-canonical.txt.
/// </summary>
internal static class UnicodeCanonical
{
    // No character below this one combines, so that Latin text needs no lookup.
    private const int FirstMark = 0x300;

    private static readonly FrozenDictionary<int, int[]> Decompositions;
    private static readonly FrozenDictionary<int, byte> Classes;

#pragma warning disable CA1810 // Both are read from one text.
    static UnicodeCanonical()
    {
        var (decompositions, classes) = (new Dictionary<int, int[]>(), new Dictionary<int, byte>());
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("unicode-canonical.txt")!;
        using var reader = new StreamReader(stream);
        var ofClasses = false;
        while (reader.ReadLine() is { } line)
        {
            if (line is [] or ['#', ..] or ['[', ..])
            {
                ofClasses |= line == "[combining-classes]";
                continue;
            }

            foreach (var entry in line.Split(' '))
            {
                var sides = entry.Split('=');
                var (of, value) = (sides[0], sides[1]);
                if (!ofClasses)
                {
                    decompositions.Add(Hex(of), [.. value.Split('+').Select(Hex)]);
                    continue;
                }

                var range = of.Split('-');
                for (var mark = Hex(range[0]); mark <= Hex(range[^1]); mark++)
                {
                    classes.Add(mark, byte.Parse(value, CultureInfo.InvariantCulture));
                }
            }
        }

        (Decompositions, Classes) = (decompositions.ToFrozenDictionary(), classes.ToFrozenDictionary());
    }
#pragma warning restore CA1810

    /// <summary>Returns 0 for base characters. Marks of different classes may be in any order.</summary>
    public static int ClassOf(Rune rune) => rune.Value < FirstMark ? 0 : Classes.GetValueOrDefault(rune.Value);

    /// <summary>Returns the canonical decomposition (NFD), except for Hangul, which is composed so that a syllable is one character.</summary>
    public static List<Rune> Decompose(IEnumerable<Rune> text)
    {
        var decomposed = new List<Rune>();
        foreach (var rune in text)
        {
            if (rune.Value >= 0xC0 && Decompositions.TryGetValue(rune.Value, out var parts))
            {
                foreach (var part in parts)
                {
                    Add(decomposed, new Rune(part));
                }
            }
            else
            {
                Add(decomposed, rune);
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

        // Inserted after marks of its class or lower ones, and before marks of a higher class.
        var (at, own) = (text.Count, ClassOf(rune));
        while (own > 0 && at > 0 && ClassOf(text[at - 1]) > own)
        {
            at--;
        }

        text.Insert(at, rune);
    }

    private static Rune? Hangul(int first, int second) => (first, second) switch
    {
        ( >= 0x1100 and <= 0x1112, >= 0x1161 and <= 0x1175) => new Rune(0xAC00 + ((((first - 0x1100) * 21) + second - 0x1161) * 28)),
        ( >= 0xAC00 and <= 0xD7A3, >= 0x11A8 and <= 0x11C2) when (first - 0xAC00) % 28 == 0 => new Rune(first + second - 0x11A7),
        _ => null,
    };

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
