using System.Text.RegularExpressions;

namespace GenesysAnalyticsApi.Text;

/// <summary>
/// Masks the query parameters that can contain the name of a person: <c>user</c>, <c>name</c> and <c>cursor</c>. A cursor contains the name of the last entry
/// of a page. Some people who can read the logs are not allowed to see names.
/// </summary>
internal static partial class PersonNameRedactor
{
    private const string Mask = "***";

    /// <summary>Returns the text itself if there is nothing to mask.</summary>
    public static string Redact(string text) =>
        text.Contains('=', StringComparison.Ordinal) && text.AsSpan().ContainsAny('?', '&') ? Parameter().Replace(text, $"${{name}}={Mask}") : text;

    // The pattern is non-backtracking, so no input is slow. Callers can percent-encode letters of the parameter name.
    [GeneratedRegex("(?<name>[?&](?:(?:u|%75)(?:s|%73)(?:e|%65)(?:r|%72)|(?:n|%6[eE])(?:a|%61)(?:m|%6[dD])(?:e|%65)|(?:c|%63)(?:u|%75)(?:r|%72)(?:s|%73)(?:o|%6[fF])(?:r|%72)))=[^&]+", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();
}
