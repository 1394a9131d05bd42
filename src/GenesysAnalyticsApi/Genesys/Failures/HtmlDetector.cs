using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>
/// Recognises a page of HTML where JSON is due: captive portals, proxies and maintenance pages answer with one, with any status. Content
/// types are often wrong, so the first character decides wherever it can.
/// </summary>
internal static partial class HtmlDetector
{
    /// <summary>How much of a body has to be looked at.</summary>
    public const int Beginning = 512;

    private static readonly string[] Types = ["text/html", "application/xhtml+xml"];

    public static bool Is(HttpContent content, ReadOnlySpan<byte> start)
    {
        var text = TextOf(content, start[..Math.Min(start.Length, Beginning)]).AsSpan().TrimStart();
        return text switch
        {
            ['{' or '[', ..] => false,
            ['<', ..] => true,
            _ => Types.Contains(content.Headers.ContentType?.MediaType, StringComparer.OrdinalIgnoreCase),
        };
    }

    /// <summary>As the page has it, in one line; null where it has none. It is text of a stranger: to be cut and cleaned before it is shown.</summary>
    public static string? TitleOf(HttpContent content, ReadOnlySpan<byte> start)
    {
        var title = Title().Match(TextOf(content, start)).Groups["title"].Value;
        var words = WebUtility.HtmlDecode(title).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words is [] ? null : string.Join(' ', words);
    }

    private static string TextOf(HttpContent content, ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(start[2..]),
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(start[2..]),
        [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8.GetString(start[3..]),
        _ => EncodingOf(content.Headers.ContentType?.CharSet).GetString(start),
    };

    private static Encoding EncodingOf(string? name)
    {
        try
        {
            return string.IsNullOrEmpty(name) ? Encoding.UTF8 : Encoding.GetEncoding(name.Trim('"'));
        }
        catch (ArgumentException)
        {
            // Unknown here. What matters is ASCII in nearly all of them.
            return Encoding.UTF8;
        }
    }

    [GeneratedRegex("<title[^>]*>(?<title>[^<]*)", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Title();
}
