using System.Buffers;
using System.Text.RegularExpressions;
using Serilog.Core;
using Serilog.Events;

namespace GenesysAnalyticsApi.Text;

/// <summary>
/// Cleans the text properties of every log event: masks secrets, masks names of people in query strings, and escapes control characters, which a terminal would
/// interpret. At a low log level, the framework logs addresses unescaped.
/// </summary>
internal sealed class LogRedactionEnricher : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        List<LogEventProperty>? cleaned = null;
        foreach (var (name, property) in logEvent.Properties)
        {
            if (property is ScalarValue { Value: string or Uri or PathString or QueryString } scalar
                && scalar.Value.ToString() is { } text && LogSanitizer.Of(QueryParameterRedactor.Redact(SecretRedactor.Redact(text))) is var shown && !ReferenceEquals(shown, text))
            {
                (cleaned ??= []).Add(new(name, new ScalarValue(shown)));
            }
        }

        // The properties are replaced after the loop, because the loop enumerates them.
        cleaned?.ForEach(logEvent.AddOrUpdateProperty);
    }
}

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

/// <summary>
/// Masks the query parameters that can contain the name of a person: <c>user</c>, <c>name</c> and <c>cursor</c>. A cursor contains the name of the last entry
/// of a page. Some people who can read the logs are not allowed to see names.
/// </summary>
internal static partial class QueryParameterRedactor
{
    private const string Mask = "***";

    /// <summary>Returns the text itself if there is nothing to mask.</summary>
    public static string Redact(string text) =>
        text.Contains('=', StringComparison.Ordinal) && text.AsSpan().ContainsAny('?', '&') ? Parameter().Replace(text, $"${{name}}={Mask}") : text;

    // Non-backtracking, so no input is slow. Parameter names are accepted in any letter case, and callers can percent-encode their letters.
    [GeneratedRegex(
        "(?<name>[?&](?:(?:u|%[57]5)(?:s|%[57]3)(?:e|%[46]5)(?:r|%[57]2)|(?:n|%[46]e)(?:a|%[46]1)(?:m|%[46]d)(?:e|%[46]5)"
        + "|(?:c|%[46]3)(?:u|%[57]5)(?:r|%[57]2)(?:s|%[57]3)(?:o|%[46]f)(?:r|%[57]2)))=[^&]+",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Parameter();
}

/// <summary>
/// Makes text safe for logs: characters that end a line, move the cursor or change the reading direction are escaped, for example as <c>\u000a</c>.
/// </summary>
internal static class LogSanitizer
{
    /// <summary>Returns the text itself if nothing has to be escaped.</summary>
    public static string Of(string text) => text.AsSpan().ContainsAny(UnsafeCharacters.All)
        ? string.Concat(text.Select(letter => UnsafeCharacters.All.Contains(letter) ? $"\\u{(int)letter:x4}" : $"{letter}"))
        : text;
}
