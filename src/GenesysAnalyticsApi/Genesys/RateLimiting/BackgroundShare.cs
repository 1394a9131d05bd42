namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>The part of the rate limit that background work can use: the rate limiter enforces it, and the estimated time of a job is based on it.</summary>
internal static class BackgroundShare
{
    /// <summary>The remaining tenth of the limit, rounded up, is left to the queries of callers.</summary>
    private const int Divisor = 10;

    /// <summary>Returns the requests per window that background work can send; at least one.</summary>
    /// <param name="allowed">The allowed requests per window.</param>
    public static int Of(int allowed) => Math.Max(1, allowed - ((allowed + Divisor - 1) / Divisor));
}
