namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>Computes the backoff before a retry. The computation is pure: the caller passes the random number, from 0 to 1.</summary>
internal static class GenesysBackoff
{
    /// <summary>The maximum number of retries of one request, after its first attempt.</summary>
    public const int MaxRetries = 4;

    public static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);

    // The Genesys SDKs wait this long after a 429 without Retry-After.
    private static readonly TimeSpan FirstDelayAfterLimit = TimeSpan.FromSeconds(3);

    /// <param name="retry">0 for the first retry.</param>
    public static TimeSpan Delay(GenesysFailure failure, int retry, double random)
    {
        // The pause is the requested time plus up to a tenth, so that attempts that were rejected together are not retried together.
        if (failure.RetryAfter is { } requested && requested > TimeSpan.Zero)
        {
            return requested + (requested * 0.1 * random);
        }

        var first = failure.Kind == GenesysFailureKind.RateLimited ? FirstDelayAfterLimit : FirstDelay;
        var step = first * Math.Pow(2, Math.Min(retry, 10));
        return (step < MaxDelay ? step : MaxDelay) * (0.5 + (0.5 * random));
    }
}
