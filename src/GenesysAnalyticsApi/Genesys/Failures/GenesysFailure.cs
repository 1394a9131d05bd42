using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>The kinds of Genesys failures. This is a closed set: <c>ProblemFactory</c> maps each kind to an HTTP status.</summary>
internal enum GenesysFailureKind
{
    /// <summary>The credentials are missing, or Genesys rejected them, or it rejected the token even after a renewal.</summary>
    Unauthorized,

    /// <summary>The OAuth client lacks a permission.</summary>
    Forbidden,

    /// <summary>Genesys or a proxy rejected the request (a redirect, 400, 404, 407 and similar), or the request could not be created.</summary>
    Rejected,

    /// <summary>The reply would be too large for Genesys or for this service. Smaller parts can be requested.</summary>
    TooLarge,

    /// <summary>The rate limit of this service or of Genesys will stay exhausted for longer than the query can wait.</summary>
    RateLimited,

    /// <summary>No connection, a 5xx other than 504, an open circuit breaker, or an asynchronous query that Genesys could not complete.</summary>
    Unavailable,

    /// <summary>No reply in time, a 408 or 504, or an asynchronous query that was not completed and read in time.</summary>
    Timeout,

    /// <summary>The reply is an HTML page, cannot be parsed, is incomplete, or contains buckets that were not requested.</summary>
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

/// <param name="Message">
/// A message for the caller: what failed and, if the operator can correct it, how. The message contains no secret and no reply body.
/// </param>
/// <param name="Status">Genesys' HTTP status, if it replied.</param>
/// <param name="Code">Genesys' error code, if any.</param>
/// <param name="UpstreamMessage">Genesys' message, if any; at most 500 characters.</param>
/// <param name="CorrelationId">The id that Genesys support needs.</param>
/// <param name="RetryAfter">How long to wait before the next request, if known.</param>
/// <param name="CallsUsedUp">Whether the request was not sent, because the query had used its whole <see cref="CallBudget"/>.</param>
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
    /// <summary>Whether the reply was an HTML page. In that case, something other than Genesys has probably replied.</summary>
    [JsonPropertyName("IsPage")] // the name in Redis, which replicas of other versions read
    public bool IsHtmlPage { get; init; }

    /// <summary>The limit in days that Genesys' message states, if Genesys rejected the interval as too long.</summary>
    public int? MaxIntervalDays { get; init; }

    /// <summary>
    /// The maximum number of predicates that Genesys allows in the filter of a query for the current state of queues, if Genesys rejected a filter with too
    /// many predicates or none.
    /// </summary>
    public int? MaxPredicates { get; init; }

    /// <summary>Whether the reply contains buckets that were not requested, usually because Genesys divided the interval differently.</summary>
    [JsonPropertyName("HasForeignBuckets")] // the name in Redis, which replicas of other versions read
    public bool HasUnrequestedBuckets { get; init; }
}

/// <param name="calls">Attempts sent to Genesys.</param>
internal sealed class GenesysException(GenesysFailure failure, int calls = 0, Exception? inner = null)
    : Exception(failure.Message, inner)
{
    public GenesysFailure Failure { get; } = failure;

    public int Calls { get; } = calls;

    /// <summary>How the request can be retried. The code that creates the failure sets this property, and the retry policies read it.</summary>
    public RetryKind Retry { get; init; }

    /// <summary>Whether even the smallest request for the figures is too large, so only an asynchronous query can return the figures.</summary>
    public bool IsTooLargeAtAnySize { get; init; }
}

/// <summary>How a failed attempt can be retried within its request.</summary>
internal enum RetryKind
{
    /// <summary>Not at all, because a retry would fail again or there is no time left.</summary>
    Never,

    /// <summary>Once, immediately, with a new token.</summary>
    OnceWithNewToken,

    /// <summary>Once. If the retry fails too, the request itself is probably the problem, and the caller can request less.</summary>
    Once,

    /// <summary>With exponential backoff, or after the time that Genesys requests.</summary>
    Backoff,
}
