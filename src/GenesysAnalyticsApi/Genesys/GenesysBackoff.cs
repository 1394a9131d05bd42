namespace GenesysAnalyticsApi.Genesys;

/// <summary>How long to wait before an attempt is repeated. Pure: the random part is handed in, 0–1.</summary>
internal static class GenesysBackoff
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);

    // What Genesys' own SDKs wait after a 429 that does not say how long.
    private static readonly TimeSpan FirstWhenLimited = TimeSpan.FromSeconds(3);

    /// <param name="retry">0 for the first retry.</param>
    public static TimeSpan Delay(GenesysFailure failure, int retry, double random)
    {
        // Those who were refused together would wake together and be refused again: a tenth of spread, never earlier than told.
        if (failure.RetryAfter is { } told && told > TimeSpan.Zero)
        {
            return told + (told * 0.1 * random);
        }

        var first = failure.Kind == GenesysFailureKind.RateLimited ? FirstWhenLimited : First;
        var step = first * Math.Pow(2, Math.Min(retry, 10));
        return (step < Longest ? step : Longest) * (0.5 + (0.5 * random));
    }
}
