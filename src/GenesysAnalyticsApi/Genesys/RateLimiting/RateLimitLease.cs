using System.Globalization;
using System.Net;

namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>The right to one attempt. Its disposal ends the attempt; the request stays counted for its minute.</summary>
internal sealed class RateLimitLease(GenesysRateLimiter budget, TimeSpan grantedAt) : IDisposable
{
    private int _released;

    /// <summary>On the budget's own clock.</summary>
    public TimeSpan GrantedAt => grantedAt;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            budget.Release();
        }
    }
}

/// <summary>How much of the minute is used up.</summary>
/// <param name="Used">Requests in force now.</param>
/// <param name="Allowed">How many there may be.</param>
/// <param name="ResetSeconds">Until the oldest of them stops counting; 0 when none counts.</param>
internal readonly record struct RateLimitState(int Used, int Allowed, int ResetSeconds);

/// <summary>The <c>inin-ratelimit-*</c> headers. Hints: recent answers can lack them, and nothing in them closes the budget for long.</summary>
/// <param name="Count">Requests counted in Genesys' window.</param>
/// <param name="Allowed">Genesys' limit for that window.</param>
/// <param name="Reset">Until the next window begins.</param>
/// <param name="IsRefusal">They came with a 429: the limit was reached, whatever else they say.</param>
internal readonly record struct GenesysRateHeaders(int? Count, int? Allowed, TimeSpan? Reset, bool IsRefusal = false)
{
    /// <summary>Genesys counts by the minute, and 61 s have been seen. A longer window is not believed.</summary>
    private const int LongestReset = 120;

    public static GenesysRateHeaders Of(HttpResponseMessage response)
    {
        var isRefusal = response.StatusCode == HttpStatusCode.TooManyRequests;
        var allowed = NumberIn(response, "inin-ratelimit-allowed") is > 0 and var limit ? limit : (int?)null;
        var count = NumberIn(response, "inin-ratelimit-count");

        // More than allowed would have been refused: one of the two is wrong.
        var isNonsense = count > allowed && !isRefusal;
        return new(
            isNonsense ? null : count,
            isNonsense ? null : allowed,
            NumberIn(response, "inin-ratelimit-reset") is <= LongestReset and var seconds ? TimeSpan.FromSeconds(seconds) : null,
            isRefusal);
    }

    /// <summary>Several values that differ say nothing.</summary>
    private static int? NumberIn(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values)
        && values.Distinct(StringComparer.Ordinal).ToList() is [var only]
        && int.TryParse(only, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
