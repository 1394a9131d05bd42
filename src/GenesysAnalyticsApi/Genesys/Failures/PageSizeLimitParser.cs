using System.Globalization;
using System.Text.RegularExpressions;

namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>Parses the maximum page size from the message with which Genesys rejects a larger page.</summary>
internal static partial class PageSizeLimitParser
{
    /// <summary>The page size to use if the message states none. Genesys accepts this size wherever its limit is known.</summary>
    private const int FallbackSize = 100;

    /// <param name="rejectedSize">The page size that Genesys rejected.</param>
    /// <returns>A smaller page size; null if the failure has another reason, or if no smaller page size is known.</returns>
    public static int? MaxOf(GenesysFailure failure, int rejectedSize)
    {
        if (failure is not { Kind: GenesysFailureKind.Rejected, Status: 400, UpstreamMessage: { } message } || !PageSize().IsMatch(message))
        {
            return null;
        }

        // The message can contain the minimum page size, the maximum page size and the page size that was sent.
        var largest = Number().Matches(message)
            .Select(match => int.Parse(match.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))
            .Where(number => number > 1 && number < rejectedSize)
            .DefaultIfEmpty(FallbackSize)
            .Max();
        return largest < rejectedSize ? largest : null;
    }

    [GeneratedRegex(@"\bpage\s?size\b", Options)]
    private static partial Regex PageSize();

    [GeneratedRegex(@"\b\d{1,6}\b", Options)]
    private static partial Regex Number();

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;
}
