using System.Globalization;
using System.Text.RegularExpressions;

namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>
/// Parses the wait that Genesys requests. The <c>Retry-After</c> header contains seconds, or a date that is compared with the local clock. If the header is
/// missing, the error message can contain the wait, such as "Retry the request in [7] seconds".
/// </summary>
internal static partial class RetryAfterParser
{
    /// <summary>The maximum wait. Some Genesys limits apply per day, so a longer wait would be a mistake, and is shortened.</summary>
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
