using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GenesysAnalyticsApi.Genesys.Protocol;

/// <summary>
/// Reads members of untrusted JSON. System.Text.Json throws on invalid Unicode (unpaired surrogates, invalid UTF-8). The methods of this class replace the
/// invalid parts of texts with U+FFFD instead.
/// </summary>
internal static partial class ReplyJson
{
    /// <param name="maxLength">Maximum length; longer text is truncated, and is then reported as repaired.</param>
    public static string Of(JsonElement text, int maxLength, out bool isRepaired)
    {
        string value;
        try
        {
            value = text.GetString() ?? "";
            isRepaired = false;
        }
        catch (InvalidOperationException)
        {
            value = Repaired(JsonMarshal.GetRawUtf8Value(text));
            isRepaired = true;
        }

        isRepaired |= value.Length > maxLength;
        return Cut(value, maxLength);
    }

    /// <summary>Truncates a text with an ellipsis, without splitting a surrogate pair.</summary>
    public static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength)
        {
            return text;
        }

        var length = maxLength - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length), "…");
    }

    /// <summary>The member's name; null if the name is empty, too long or not plain text.</summary>
    public static string? NameOf(JsonProperty member, int maxLength)
    {
        try
        {
            return member.Name is { Length: > 0 } name && name.Length <= maxLength && !name.Any(char.IsControl) ? name : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The member with the given name, or the last one if there are several; null if there is none.</summary>
    public static JsonElement? Member(this JsonElement owner, string name)
    {
        try
        {
            return owner.TryGetProperty(name, out var member) ? member : null;
        }
        catch (InvalidOperationException)
        {
            // TryGetProperty throws if another member's name is invalid Unicode.
            return owner.EnumerateObject().Where(member => NameOf(member, name.Length) == name).Select(member => (JsonElement?)member.Value).LastOrDefault();
        }
    }

    /// <summary>The member as a finite number; numeric strings are accepted.</summary>
    public static double? Number(this JsonElement owner, string name) => owner.Member(name) switch
    {
        { ValueKind: JsonValueKind.Number } number => Finite(number.GetRawText()),
        { ValueKind: JsonValueKind.String } text => Finite(Of(text, 100, out _)),
        _ => null,
    };

    /// <summary>The member as an integer; numeric strings are accepted.</summary>
    public static int? Integer(this JsonElement owner, string name) =>
        owner.Number(name) is { } number && number == Math.Truncate(number) && number is >= int.MinValue and <= int.MaxValue ? (int)number : null;

    /// <summary>The member as text, or null if it is not a string.</summary>
    public static string? Text(this JsonElement owner, string name) =>
        owner.Member(name) is { ValueKind: JsonValueKind.String } text ? Of(text, 2_000, out _) : null;

    private static double? Finite(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static string Repaired(ReadOnlySpan<byte> raw)
    {
        // Invalid UTF-8 becomes U+FFFD here; the escapes of unpaired surrogates are replaced below.
        var text = Encoding.UTF8.GetString(raw);
        var repaired = Escape().Replace(text, escape => IsUnpairedSurrogate(escape.ValueSpan) ? "\uFFFD" : escape.Value);
        using var document = JsonDocument.Parse(repaired);
        return document.RootElement.GetString() ?? "";
    }

    private static bool IsUnpairedSurrogate(ReadOnlySpan<char> escape) => escape.Length == 6 && escape[2] is 'd' or 'D' && escape[3] is not (>= '0' and <= '7');

    /// <summary>Matches a surrogate pair, a single \u escape, or any other escape, so that the second half of an escaped backslash starts no match.</summary>
#pragma warning disable MA0009 // No character can match in two ways, so the time is linear. NonBacktracking would be built at run time and slow the startup.
    [GeneratedRegex(@"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")]
    private static partial Regex Escape();
#pragma warning restore MA0009
}
