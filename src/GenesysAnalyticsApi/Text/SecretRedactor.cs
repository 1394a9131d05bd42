using System.Buffers;
using System.Text.RegularExpressions;

namespace GenesysAnalyticsApi.Text;

/// <summary>
/// Takes secrets out of text that is shown: what looks like one of our keys or a token, the value of a parameter whose name says that it is
/// secret, the user of an address. They get into addresses by mistake, and a log is read by more people than may ask.
/// </summary>
internal static partial class SecretRedactor
{
    private const string Mask = "***";

    private static readonly SearchValues<string> Marks = SearchValues.Create(["gaa_", "eyJ", "Bearer", "bearer", "://"], StringComparison.Ordinal);

    private static readonly SearchValues<string> SecretNames = SearchValues.Create(
        ["key", "token", "secret", "pass", "pwd", "auth", "credential", "jwt", "signature"], StringComparison.OrdinalIgnoreCase);

    /// <summary>The text itself where there is nothing to take out, which two searches tell.</summary>
    public static string Masked(string text)
    {
        var hasMark = text.AsSpan().ContainsAny(Marks);
        var hasName = text.Contains('=', StringComparison.Ordinal) && text.AsSpan().ContainsAny(SecretNames);
        if (!hasMark && !hasName)
        {
            return text;
        }

        var shown = hasMark ? User().Replace(Bearer().Replace(Token().Replace(Key().Replace(text, $"gaa_{Mask}"), $"eyJ{Mask}"), $"$1{Mask}"), $"://{Mask}@") : text;
        return hasName ? NamedSecret().Replace(shown, $"$1={Mask}") : shown;
    }

    // None of the patterns looks back at what it has passed: they take the same time whatever a caller writes.
    [GeneratedRegex("gaa_[A-Za-z0-9_-]+", RegexOptions.NonBacktracking)]
    private static partial Regex Key();

    /// <summary>What begins a JWT, and any other base64 of a JSON object.</summary>
    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{12,}(\.[A-Za-z0-9_-]*)*", RegexOptions.NonBacktracking)]
    private static partial Regex Token();

    [GeneratedRegex(@"([Bb]earer( |\+|%20)+)[A-Za-z0-9_.~+/=-]{16,}", RegexOptions.NonBacktracking)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"://[^/?#@\s]*@", RegexOptions.NonBacktracking)]
    private static partial Regex User();

    /// <summary>In a query: none of our own parameters has such a name.</summary>
    [GeneratedRegex("([?&][^=&]*(?i:key|token|secret|pass|pwd|auth|credential|jwt|signature)[^=&]*)=[^&]+", RegexOptions.NonBacktracking)]
    private static partial Regex NamedSecret();
}
