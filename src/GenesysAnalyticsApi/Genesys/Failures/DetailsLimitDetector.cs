using System.Globalization;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>
/// Recognizes from Genesys' error message that a request exceeded one of the two limits of the conversation details query: "You must specify a search interval
/// as part of your query that does not exceed 31 days" (other versions: 7 days), and "Pagination may not exceed 100000 results". Neither limit has its own
/// error code, and the wording varies.
/// </summary>
internal static partial class DetailsLimitDetector
{
    /// <summary>
    /// The largest number of days in a message that is taken for the limit: ten years. Queries are hardly ever longer, so a higher limit would not make the
    /// service divide their intervals.
    /// </summary>
    private const int MaxRecognizedDays = 3_660;

    public static bool IsLimitExceeded(GenesysErrorBody body, string? permission) =>
        permission == GenesysPermissions.ConversationDetails && MessagesOf(body).Any(message => Pagination().IsMatch(message) || Interval().IsMatch(message) || DaysOf(message) is not null);

    /// <summary>The maximum interval in days that Genesys allows; null if the message does not state it.</summary>
    public static int? MaxIntervalDaysOf(GenesysErrorBody body, string? permission) =>
        permission == GenesysPermissions.ConversationDetails ? MessagesOf(body).Select(DaysOf).FirstOrDefault(days => days is not null) : null;

    private static int? DaysOf(string message)
    {
        // Two patterns are necessary, because the number of days can come before or after the word that identifies the limit.
        var match = DaysAfter().Match(message) is { Success: true } after ? after : DaysBefore().Match(message);
        return match.Success && int.TryParse(match.Groups["days"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 0 and <= MaxRecognizedDays
            ? days
            : null;
    }

    private static IEnumerable<string> MessagesOf(GenesysErrorBody body) => new[] { body.MessageWithParams, body.Message }.OfType<string>();

    [GeneratedRegex(@"\b(pagination|paging|page)\b.{0,80}\bexceed", Options)]
    private static partial Regex Pagination();

    [GeneratedRegex(@"\b(interval|date\s?range|time\s?range)\b.{0,120}\b(exceed|longer|too\s+(long|large|wide))", Options)]
    private static partial Regex Interval();

    [GeneratedRegex(@"\b(interval|range|exceed\w*|longer)\b.{0,120}?\b(?<days>\d{1,4})\]?[\s-]*days?\b", Options)]
    private static partial Regex DaysAfter();

    [GeneratedRegex(@"\b(?<days>\d{1,4})\]?[\s-]*days?\b.{0,120}?\b(interval|range|exceed\w*|longer)\b", Options)]
    private static partial Regex DaysBefore();

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;
}
