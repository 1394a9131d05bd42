namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>Assigns an HTTP status of Genesys to a failure kind, and decides how the request may be retried.</summary>
internal static class StatusClassifier
{
    /// <param name="permission">The permission that the request needs. The limits of conversation details apply only to requests with their permission.</param>
    public static (GenesysFailureKind Kind, RetryPolicy Retry) Classify(int status, GenesysErrorBody body, string? permission) => status switch
    {
        401 => (GenesysFailureKind.Unauthorized, RetryPolicy.Replay),
        403 => (GenesysFailureKind.Forbidden, RetryPolicy.Never),
        408 or 504 => (GenesysFailureKind.Timeout, RetryPolicy.Once),
        413 => (GenesysFailureKind.TooLarge, RetryPolicy.Never),
        429 => (GenesysFailureKind.RateLimited, RetryPolicy.Backoff),
        400 when SaysTooLarge(body) || DetailsLimitDetector.AreExceeded(body, permission) => (GenesysFailureKind.TooLarge, RetryPolicy.Never),
        500 or 502 or 503 => (GenesysFailureKind.Unavailable, RetryPolicy.Backoff),
        > 500 => (GenesysFailureKind.Unavailable, RetryPolicy.Never),
        _ => (GenesysFailureKind.Rejected, RetryPolicy.Never),
    };

    // The code is documented. The two messages were observed from the aggregates engine.
    private static bool SaysTooLarge(GenesysErrorBody body) =>
        body.Code == "response.entity.too.large"
        || (body.Message is { } message
            && (message.Contains("Result set is larger than result limit", StringComparison.OrdinalIgnoreCase)
                || message.Contains("limit of 30000 results", StringComparison.OrdinalIgnoreCase)));
}
