using System.Globalization;
using System.Text.RegularExpressions;

namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>
/// The wait that Genesys asks for: in <c>Retry-After</c>, as seconds or as a date on our clock; without that header in the text of the
/// error, "Retry the request in [7] seconds".
/// </summary>
internal static partial class RetryAfterParser
{
    /// <summary>Some limits of Genesys count by the day. Whatever asks for longer is wrong.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static TimeSpan? Of(HttpResponseMessage response, GenesysErrorBody body, TimeProvider clock)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => In(body.MessageWithParams) ?? In(body.Message),
        };
        return wait is { } told ? TimeSpan.FromTicks(Math.Clamp(told.Ticks, 0, Longest.Ticks)) : null;
    }

    private static TimeSpan? In(string? message) =>
        message is not null
        && Sentence().Match(message) is { Success: true } match
        && int.TryParse(match.Groups["seconds"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    [GeneratedRegex(@"\b(retry|try\s+again)\b[\w\s,]*?\b(in|after)\s+\[?(?<seconds>\d{1,9})\]?\s*s(ec|econds?)?\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Sentence();
}
