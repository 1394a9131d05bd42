using System.Buffers;
using System.Text.RegularExpressions;

namespace GenesysAnalyticsApi.Text;

/// <summary>
/// Masks secrets in text: keys of this service, tokens, values of query parameters with names such as <c>password</c>, and user information in URLs. Callers
/// put secrets into URLs by mistake, and people who can read the logs must not get the secrets of callers.
/// </summary>
internal static partial class SecretRedactor
{
    private const string Mask = "***";

    private static readonly SearchValues<string> Marks = SearchValues.Create(["gaa_", "eyJ", "Bearer", "bearer", "://"], StringComparison.Ordinal);

    private static readonly SearchValues<string> SecretNames = SearchValues.Create(
        ["key", "token", "secret", "pass", "pwd", "auth", "credential", "jwt", "signature"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the text itself if there is nothing to mask. For most texts, two fast searches show that no regular expression is needed.</summary>
    public static string Redact(string text)
    {
        var hasMark = text.AsSpan().ContainsAny(Marks);
        var hasName = text.Contains('=', StringComparison.Ordinal) && text.AsSpan().ContainsAny(SecretNames);
        if (!hasMark && !hasName)
        {
            return text;
        }

        var shown = hasMark ? User().Replace(Bearer().Replace(Token().Replace(Key().Replace(text, $"gaa_{Mask}"), $"eyJ{Mask}"), $"${{scheme}}{Mask}"), $"://{Mask}@") : text;
        return hasName ? NamedSecret().Replace(shown, $"${{name}}={Mask}") : shown;
    }

    // All patterns are non-backtracking, so matching is fast for every input.
    [GeneratedRegex("gaa_[A-Za-z0-9_-]+", RegexOptions.NonBacktracking)]
    private static partial Regex Key();

    /// <summary>Matches a JWT or another base64-encoded JSON object; both begin with eyJ.</summary>
    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{12,}(?:\.[A-Za-z0-9_-]*)*", RegexOptions.NonBacktracking)]
    private static partial Regex Token();

    [GeneratedRegex(@"(?<scheme>[Bb]earer(?: |\+|%20)+)[A-Za-z0-9_.~+/=-]{16,}", RegexOptions.NonBacktracking)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"://[^/?#@\s]*@", RegexOptions.NonBacktracking)]
    private static partial Regex User();

    /// <summary>Matches parameters in query strings. No parameter of this service has a name that contains one of these words.</summary>
    [GeneratedRegex("(?<name>[?&][^=&]*(?i:key|token|secret|pass|pwd|auth|credential|jwt|signature)[^=&]*)=[^&]+", RegexOptions.NonBacktracking)]
    private static partial Regex NamedSecret();
}
