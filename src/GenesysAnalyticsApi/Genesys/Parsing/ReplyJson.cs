using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Members of a JSON object that the far side wrote. The framework throws for text that is no Unicode (half of a letter, broken UTF-8);
/// here it is read with U+FFFD in place of what is broken.
/// </summary>
internal static partial class ReplyJson
{
    /// <param name="most">Letters; what is longer is cut and counts as repaired.</param>
    public static string Of(JsonElement text, int most, out bool isRepaired)
    {
        string read;
        try
        {
            read = text.GetString() ?? "";
            isRepaired = false;
        }
        catch (InvalidOperationException)
        {
            read = Repaired(JsonMarshal.GetRawUtf8Value(text));
            isRepaired = true;
        }

        isRepaired |= read.Length > most;
        return Cut(read, most);
    }

    /// <summary>The beginning of a text, with an ellipsis where something follows; no letter is cut in two.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var kept = most - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[kept - 1]) ? kept - 1 : kept), "…");
    }

    /// <summary>The member's name; null where it is no plain text.</summary>
    public static string? NameOf(JsonProperty member, int most)
    {
        try
        {
            return member.Name is { Length: > 0 } name && name.Length <= most && !name.Any(char.IsControl) ? name : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The member of that name, the last where there are several; null where there is none.</summary>
    public static JsonElement? Member(this JsonElement owner, string name)
    {
        try
        {
            return owner.TryGetProperty(name, out var member) ? member : null;
        }
        catch (InvalidOperationException)
        {
            // Another member's name is no Unicode, and the framework gives up at it.
            return owner.EnumerateObject().Where(member => NameOf(member, name.Length) == name).Select(member => (JsonElement?)member.Value).LastOrDefault();
        }
    }

    /// <summary>The member as a finite number, also one written as text.</summary>
    public static double? Number(this JsonElement owner, string name) => owner.Member(name) switch
    {
        { ValueKind: JsonValueKind.Number } number => Finite(number.GetRawText()),
        { ValueKind: JsonValueKind.String } text => Finite(Of(text, 100, out _)),
        _ => null,
    };

    /// <summary>The member as a whole number, also one written as text.</summary>
    public static int? Whole(this JsonElement owner, string name) =>
        owner.Number(name) is { } number && number == Math.Truncate(number) && number is >= int.MinValue and <= int.MaxValue ? (int)number : null;

    /// <summary>The member as text; null where it is anything else.</summary>
    public static string? Text(this JsonElement owner, string name) =>
        owner.Member(name) is { ValueKind: JsonValueKind.String } text ? Of(text, 2_000, out _) : null;

    private static double? Finite(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static string Repaired(ReadOnlySpan<byte> raw)
    {
        // Bytes that are no UTF-8 become U+FFFD here; escapes of half a letter do so below.
        var written = Encoding.UTF8.GetString(raw);
        var whole = Escape().Replace(written, escape => IsHalf(escape.ValueSpan) ? "\uFFFD" : escape.Value);
        using var text = JsonDocument.Parse(whole);
        return text.RootElement.GetString() ?? "";
    }

    private static bool IsHalf(ReadOnlySpan<char> escape) => escape.Length == 6 && escape[2] is 'd' or 'D' && escape[3] is not (>= '0' and <= '7');

    /// <summary>A pair of escapes for one letter, an escape of one unit, or any other escape: the second half of "\\u" is no escape.</summary>
    [GeneratedRegex(@"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")]
    private static partial Regex Escape();
}
