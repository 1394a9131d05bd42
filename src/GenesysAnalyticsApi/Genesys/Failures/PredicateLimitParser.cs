using System.Globalization;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>
/// Parses the maximum number of predicates in the filter of a query for the current state of queues. Genesys states the maximum in the message with which it
/// rejects a filter that has more predicates, or none. The rejection has no specific error code, and its message can also contain the number that was sent.
/// </summary>
internal static partial class PredicateLimitParser
{
    /// <param name="permission">The permission that the request needs. Only queries for the current state of queues have this limit.</param>
    /// <returns>Null if the message states no limit.</returns>
    public static int? MaxOf(GenesysErrorBody body, string? permission) => permission == GenesysPermissions.QueueActivity
        ? new[] { body.MessageWithParams, body.Message }.OfType<string>().Where(message => Predicates().IsMatch(message)).Select(SmallestOf).FirstOrDefault(limit => limit is not null)
        : null;

    // If there are several numbers, the larger number is the number that was sent. A 1 is not the limit, because one predicate is always allowed.
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
