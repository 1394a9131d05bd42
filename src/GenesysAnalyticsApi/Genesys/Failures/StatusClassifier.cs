namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>Maps an HTTP status from Genesys to a failure kind and a retry policy.</summary>
internal static class StatusClassifier
{
    /// <param name="permission">
    /// The permission that the request requires. The limits on conversation details are recognised only for requests that require the conversation-details
    /// permission.
    /// </param>
    public static (GenesysFailureKind Kind, RetryPolicy Retry) Classify(int status, GenesysErrorBody body, string? permission) => status switch
    {
        401 => (GenesysFailureKind.Unauthorized, RetryPolicy.OnceWithNewToken),
        403 => (GenesysFailureKind.Forbidden, RetryPolicy.Never),
        408 or 504 => (GenesysFailureKind.Timeout, RetryPolicy.Once),
        413 => (GenesysFailureKind.TooLarge, RetryPolicy.Never),
        429 => (GenesysFailureKind.RateLimited, RetryPolicy.Backoff),
        400 when SaysTooLarge(body) || DetailsLimitDetector.IsLimitExceeded(body, permission) => (GenesysFailureKind.TooLarge, RetryPolicy.Never),
        500 or 502 or 503 => (GenesysFailureKind.Unavailable, RetryPolicy.Backoff),
        > 500 => (GenesysFailureKind.Unavailable, RetryPolicy.Never),
        _ => (GenesysFailureKind.Rejected, RetryPolicy.Never),
    };

    // Genesys documents this error code. The two messages are undocumented; they were observed in replies to aggregate queries.
    private static bool SaysTooLarge(GenesysErrorBody body) =>
        body.Code == "response.entity.too.large"
        || (body.Message is { } message
            && (message.Contains("Result set is larger than result limit", StringComparison.OrdinalIgnoreCase)
                || message.Contains("limit of 30000 results", StringComparison.OrdinalIgnoreCase)));
}
