using System.Text.RegularExpressions;

namespace GenesysAnalyticsApi.Text;

/// <summary>
/// Removes from query strings everything that can be the name of a person: the values of <c>user</c>, <c>name</c> and <c>cursor</c>, which contains the name of
/// the last entry of a page. More people can read logs than may see names.
/// </summary>
internal static partial class PersonNameRedactor
{
    private const string Mask = "***";

    /// <summary>Returns the text itself if there is nothing to remove.</summary>
    public static string Redact(string text) =>
        text.Contains('=', StringComparison.Ordinal) && text.AsSpan().ContainsAny('?', '&') ? Parameter().Replace(text, $"${{name}}={Mask}") : text;

    // Non-backtracking, so that no input is slow. Callers may percent-encode letters of the parameter name.
    [GeneratedRegex("(?<name>[?&](?:(?:u|%75)(?:s|%73)(?:e|%65)(?:r|%72)|(?:n|%6[eE])(?:a|%61)(?:m|%6[dD])(?:e|%65)|(?:c|%63)(?:u|%75)(?:r|%72)(?:s|%73)(?:o|%6[fF])(?:r|%72)))=[^&]+", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();
}
