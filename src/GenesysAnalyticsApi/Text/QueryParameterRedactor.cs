using System.Text.RegularExpressions;

namespace GenesysAnalyticsApi.Text;

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
