using System.Globalization;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>
/// Parses how many predicates the filter of a query for the current state of queues may have. Genesys states the number in the message with which it rejects
/// a filter that has more predicates, or none. The message has no specific error code, and can also contain the number that was sent.
/// </summary>
internal static partial class PredicateLimitParser
{
    /// <param name="permission">The permission that the request needs. The limit applies only to requests with this permission.</param>
    /// <returns>Null if the message names no limit.</returns>
    public static int? MaxOf(GenesysErrorBody body, string? permission) => permission == GenesysPermissions.QueueActivity
        ? new[] { body.MessageWithParams, body.Message }.OfType<string>().Where(message => Predicates().IsMatch(message)).Select(SmallestOf).FirstOrDefault(limit => limit is not null)
        : null;

    // A larger number is the one that was sent. A 1 is not the limit, because one predicate is always allowed.
    private static int? SmallestOf(string message) => Number().Matches(message)
        .Select(match => int.Parse(match.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))
        .Where(number => number > 1)
        .Select(number => (int?)number)
        .Min();

    [GeneratedRegex(@"\b(predicates?|clauses?|dimensions?|queues?|filters?)\b", Options)]
    private static partial Regex Predicates();

    [GeneratedRegex(@"\b\d{1,6}\b", Options)]
    private static partial Regex Number();

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;
}

/// <summary>Parses how many entries a page may have, from the message with which Genesys rejects a larger page.</summary>
internal static partial class PageSizeLimits
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
