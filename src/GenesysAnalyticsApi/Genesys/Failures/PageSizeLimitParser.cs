using System.Globalization;
using System.Text.RegularExpressions;

namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>Parses how many entries a page may have, from the message with which Genesys rejects a larger page.</summary>
internal static partial class PageSizeLimitParser
{
    /// <summary>The page size to use if the message names none. Genesys accepts it wherever its limit is known.</summary>
    private const int FallbackSize = 100;

    /// <param name="sent">The page size that Genesys rejected.</param>
    /// <returns>A smaller size; null if the failure has another reason.</returns>
    public static int? MaxOf(GenesysFailure failure, int sent)
    {
        if (failure is not { Kind: GenesysFailureKind.Rejected, Status: 400, UpstreamMessage: { } message } || !PageSize().IsMatch(message))
        {
            return null;
        }

        // The message can contain the smallest size, the largest size and the size that was sent.
        var largest = Number().Matches(message)
            .Select(match => int.Parse(match.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))
            .Where(number => number > 1 && number < sent)
            .DefaultIfEmpty(FallbackSize)
            .Max();
        return largest < sent ? largest : null;
    }

    [GeneratedRegex(@"\bpage\s?size\b", Options)]
    private static partial Regex PageSize();

    [GeneratedRegex(@"\b\d{1,6}\b", Options)]
    private static partial Regex Number();

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;
}
