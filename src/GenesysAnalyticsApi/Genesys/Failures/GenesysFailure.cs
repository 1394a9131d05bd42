using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>The kinds of Genesys failures. This is a closed set, which one class maps to HTTP statuses.</summary>
internal enum GenesysFailureKind
{
    /// <summary>Genesys rejected the credentials, or rejected the token even after a renewal.</summary>
    Unauthorized,

    /// <summary>The OAuth client lacks a permission.</summary>
    Forbidden,

    /// <summary>Genesys rejected the request (400, 404 and similar).</summary>
    Rejected,

    /// <summary>The reply would be too large: request smaller parts.</summary>
    TooLarge,

    /// <summary>The rate limit of this service or of Genesys is exhausted for longer than the query can wait.</summary>
    RateLimited,

    /// <summary>No connection, a 5xx, or an open circuit breaker.</summary>
    Unavailable,

    /// <summary>No reply before the deadline, or a 504 from Genesys.</summary>
    Timeout,

    /// <summary>The reply cannot be parsed, is incomplete, or has buckets that were not requested.</summary>
    Unreadable,
}

internal static class GenesysFailureKinds
{
    /// <summary>The name in responses, metrics and traces.</summary>
    public static string ToWireName(this GenesysFailureKind kind) => kind switch
    {
        GenesysFailureKind.TooLarge => "too-large",
        GenesysFailureKind.RateLimited => "rate-limited",
        _ => kind.ToString().ToLowerInvariant(),
    };
}

/// <param name="Message">A message for the caller: what failed and, if the operator can correct it, how. Contains no secret and no reply body.</param>
/// <param name="Status">Genesys' HTTP status, if it replied.</param>
/// <param name="Code">Genesys' error code, if any.</param>
/// <param name="UpstreamMessage">Genesys' message, if any; at most 500 characters.</param>
/// <param name="CorrelationId">The id that Genesys support needs.</param>
/// <param name="RetryAfter">How long to wait before the next request, if known.</param>
/// <param name="CallsUsedUp">No request was sent, because the query had used its whole <see cref="CallBudget"/>.</param>
internal sealed record GenesysFailure(
    GenesysFailureKind Kind,
    string Message,
    int? Status = null,
    string? Code = null,
    string? UpstreamMessage = null,
    string? CorrelationId = null,
    TimeSpan? RetryAfter = null,
    bool CallsUsedUp = false)
{
    /// <summary>The reply was an HTML page, so something other than Genesys replied.</summary>
    public bool IsPage { get; init; }

    /// <summary>The limit in days that Genesys' message names, if the interval is longer than Genesys allows.</summary>
    public int? MaxIntervalDays { get; init; }

    /// <summary>
    /// The number of predicates that Genesys allows in the filter of a query for the current state of queues, if it rejected a filter with too many or none.
    /// </summary>
    public int? MaxPredicates { get; init; }

    /// <summary>The reply has buckets that were not requested, because Genesys divided the interval differently.</summary>
    public bool HasForeignBuckets { get; init; }
}

/// <param name="calls">Attempts sent to Genesys.</param>
internal sealed class GenesysException(GenesysFailure failure, int calls = 0, Exception? inner = null)
    : Exception(failure.Message, inner)
{
    public GenesysFailure Failure { get; } = failure;

    public int Calls { get; } = calls;

    /// <summary>How the request may be retried. Set where the failure is created; the request pipeline reads it.</summary>
    public RetryKind Retry { get; init; }

    /// <summary>Even the smallest request for the figures is too large. Only an asynchronous query can return them.</summary>
    public bool IsTooLargeAtAnySize { get; init; }
}

/// <summary>How a failed attempt may be retried within its request.</summary>
internal enum RetryKind
{
    /// <summary>A retry would fail again, or the wait is too long.</summary>
    Never,

    /// <summary>Once, immediately, with a new token.</summary>
    OnceWithNewToken,

    /// <summary>Once; after that the request itself is the problem, and the caller may request less.</summary>
    Once,

    /// <summary>With exponential backoff, or after the time that Genesys requests.</summary>
    Backoff,
}
