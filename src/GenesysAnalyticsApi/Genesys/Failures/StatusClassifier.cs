namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>Maps an HTTP status and an error body from Genesys to a failure kind and to the way in which the request can be retried.</summary>
internal static class StatusClassifier
{
    /// <param name="permission">
    /// The permission that the request requires. The limits on conversation details are recognized only for requests that require the conversation-details
    /// permission.
    /// </param>
    public static (GenesysFailureKind Kind, RetryKind Retry) Classify(int status, GenesysErrorBody body, string? permission) => status switch
    {
        401 => (GenesysFailureKind.Unauthorized, RetryKind.OnceWithNewToken),
        403 => (GenesysFailureKind.Forbidden, RetryKind.Never),
        408 or 504 => (GenesysFailureKind.Timeout, RetryKind.Once),
        413 => (GenesysFailureKind.TooLarge, RetryKind.Never),
        429 => (GenesysFailureKind.RateLimited, RetryKind.Backoff),
        400 when SaysTooLarge(body) || DetailsLimitDetector.IsLimitExceeded(body, permission) => (GenesysFailureKind.TooLarge, RetryKind.Never),
        500 or 502 or 503 => (GenesysFailureKind.Unavailable, RetryKind.Backoff),
        > 500 => (GenesysFailureKind.Unavailable, RetryKind.Never),
        _ => (GenesysFailureKind.Rejected, RetryKind.Never),
    };

    // Genesys documents this error code. The two messages are undocumented; they were observed in replies to aggregate queries.
    private static bool SaysTooLarge(GenesysErrorBody body) =>
        body.Code == "response.entity.too.large"
        || (body.Message is { } message
            && (message.Contains("Result set is larger than result limit", StringComparison.OrdinalIgnoreCase)
                || message.Contains("limit of 30000 results", StringComparison.OrdinalIgnoreCase)));
}
