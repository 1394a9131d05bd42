using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace GenesysAnalyticsApi.Genesys.Protocol;

/// <summary>
/// Detects HTML pages that captive portals, proxies and servers under maintenance send instead of JSON, with any status. Content types are often
/// wrong, so the first character of the body takes precedence.
/// </summary>
internal static partial class HtmlDetector
{
    /// <summary>The number of bytes to inspect.</summary>
    private const int PrefixLength = 512;

    private static readonly string[] Types = ["text/html", "application/xhtml+xml"];

    /// <summary>Whether an HTML page arrived instead of a Genesys reply. The body can still be read from the start.</summary>
    public static async Task<bool> IsHtmlAsync(HttpContent content, BoundedReplyStream body, CancellationToken cancellationToken) =>
        IsHtml(content, (await body.PeekAsync(PrefixLength, cancellationToken)).Span);

    public static bool IsHtml(HttpContent content, ReadOnlySpan<byte> start)
    {
        var text = TextOf(content, start[..Math.Min(start.Length, PrefixLength)]).AsSpan().TrimStart();
        return text switch
        {
            ['{' or '[', ..] => false,
            ['<', ..] => true,
            _ => Types.Contains(content.Headers.ContentType?.MediaType, StringComparer.OrdinalIgnoreCase),
        };
    }

    /// <summary>The title of the page on one line, or null. The title is untrusted text: sanitize it before you show it.</summary>
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
            // The encoding is unknown. The relevant characters have their ASCII codes in nearly all encodings.
            return Encoding.UTF8;
        }
    }

    [GeneratedRegex("<title[^>]*>(?<title>[^<]*)", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Title();
}
