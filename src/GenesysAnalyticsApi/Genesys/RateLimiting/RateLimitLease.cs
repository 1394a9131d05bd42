using System.Globalization;
using System.Net;

namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>Permission for one attempt. Disposing it ends the attempt; the request still counts for its minute.</summary>
internal sealed class RateLimitLease(GenesysRateLimiter rateLimiter, TimeSpan grantedAt) : IDisposable
{
    private int _released;

    /// <summary>Measured from the rate limiter's start.</summary>
    public TimeSpan GrantedAt => grantedAt;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            rateLimiter.Release();
        }
    }
}

/// <summary>The current usage of the rate limit.</summary>
/// <param name="Used">Requests counted in the current window.</param>
/// <param name="Allowed">Allowed requests per window.</param>
/// <param name="ResetSeconds">Seconds until the oldest request leaves the window; 0 if there is none.</param>
internal readonly record struct RateLimitState(int Used, int Allowed, int ResetSeconds);

/// <summary>The <c>inin-ratelimit-*</c> headers. They are hints: recent replies may lack them, and no value blocks requests for long.</summary>
/// <param name="Count">Requests counted in Genesys' window.</param>
/// <param name="Allowed">Genesys' limit for that window.</param>
/// <param name="Reset">Time until the next window begins.</param>
/// <param name="IsRejection">The reply was a 429, so the limit was reached even if the other values disagree.</param>
internal readonly record struct GenesysRateHeaders(int? Count, int? Allowed, TimeSpan? Reset, bool IsRejection = false)
{
    /// <summary>Genesys counts by the minute, and 61 s have been seen. Longer windows are ignored as implausible.</summary>
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

    /// <summary>Contradictory values are ignored.</summary>
    private static int? NumberIn(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values)
        && values.Distinct(StringComparer.Ordinal).ToList() is [var only]
        && int.TryParse(only, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
