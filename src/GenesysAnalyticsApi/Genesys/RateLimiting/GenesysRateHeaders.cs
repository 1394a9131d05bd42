using System.Globalization;
using System.Net;

namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>The <c>inin-ratelimit-*</c> headers. These headers are only hints: a reply can lack them, and no value blocks requests for long.</summary>
/// <param name="Count">Requests counted in Genesys' window.</param>
/// <param name="Allowed">Genesys' limit for its window.</param>
/// <param name="Reset">Time until the next window begins.</param>
/// <param name="IsRejection">Whether the reply was a 429. In that case, the limit was reached even if the other values disagree.</param>
internal readonly record struct GenesysRateHeaders(int? Count, int? Allowed, TimeSpan? Reset, bool IsRejection = false)
{
    /// <summary>Genesys counts by the minute, and resets of 61 s have been seen. A reset above this limit is ignored as implausible.</summary>
    private const int MaxResetSeconds = 120;

    public static GenesysRateHeaders Of(HttpResponseMessage response)
    {
        var isRejection = response.StatusCode == HttpStatusCode.TooManyRequests;
        var allowed = NumberIn(response, "inin-ratelimit-allowed") is > 0 and var limit ? limit : (int?)null;
        var count = NumberIn(response, "inin-ratelimit-count");

        // Genesys would have rejected a request above the limit, so one of the two values is wrong.
        var isInconsistent = count > allowed && !isRejection;
        return new(
            isInconsistent ? null : count,
            isInconsistent ? null : allowed,
            NumberIn(response, "inin-ratelimit-reset") is <= MaxResetSeconds and var seconds ? TimeSpan.FromSeconds(seconds) : null,
            isRejection);
    }

    /// <summary>Returns the number in a header; null if the header is missing, is not a number, or has contradictory values.</summary>
    private static int? NumberIn(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values)
        && values.Distinct(StringComparer.Ordinal).ToList() is [var only]
        && int.TryParse(only, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
