using System.Globalization;
using System.Text.RegularExpressions;

namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>
/// Parses the wait that Genesys requests: from <c>Retry-After</c>, as seconds or as a date compared with the local clock, or else from the
/// error message, "Retry the request in [7] seconds".
/// </summary>
internal static partial class RetryAfterParser
{
    /// <summary>Some Genesys limits are per day; a longer wait is a mistake.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(1);

    public static TimeSpan? Of(HttpResponseMessage response, GenesysErrorBody body, TimeProvider clock)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => Parse(body.MessageWithParams) ?? Parse(body.Message),
        };
        return wait is { } requested ? TimeSpan.FromTicks(Math.Clamp(requested.Ticks, 0, MaxWait.Ticks)) : null;
    }

    private static TimeSpan? Parse(string? message) =>
        message is not null
        && Sentence().Match(message) is { Success: true } match
        && int.TryParse(match.Groups["seconds"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;

    [GeneratedRegex(@"\b(retry|try\s+again)\b[\w\s,]*?\b(in|after)\s+\[?(?<seconds>\d{1,9})\]?\s*s(ec|econds?)?\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Sentence();
}
