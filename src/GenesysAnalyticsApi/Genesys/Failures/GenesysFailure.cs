using GenesysAnalyticsApi.Genesys.Pipeline;

namespace GenesysAnalyticsApi.Genesys.Failures;

/// <summary>The ways in which asking Genesys can fail. Closed: made in one place, turned into a status in one place.</summary>
internal enum GenesysFailureKind
{
    /// <summary>Our credentials were refused, or a token still is after one renewal.</summary>
    Unauthorized,

    /// <summary>Our client lacks a permission.</summary>
    Forbidden,

    /// <summary>Genesys did not accept the question (400, 404 and their like).</summary>
    Rejected,

    /// <summary>The answer would be too large: ask for less at once.</summary>
    TooLarge,

    /// <summary>The budget is used up, ours or that of Genesys, for longer than the question can wait.</summary>
    RateLimited,

    /// <summary>No connection, a 5xx, or the breaker is open.</summary>
    Unavailable,

    /// <summary>No answer within the deadline, or Genesys' own 504.</summary>
    Timeout,

    /// <summary>An answer that cannot be read, is cut off, or has buckets nobody asked for.</summary>
    Unreadable,
}

internal static class GenesysFailureKinds
{
    /// <summary>As answers, metrics and traces name it.</summary>
    public static string ToWireName(this GenesysFailureKind kind) => kind switch
    {
        GenesysFailureKind.TooLarge => "too-large",
        GenesysFailureKind.RateLimited => "rate-limited",
        _ => kind.ToString().ToLowerInvariant(),
    };
}

/// <param name="Message">One sentence for the caller: what failed and, where it is ours to mend, the remedy. No secret, no upstream body.</param>
/// <param name="Status">Genesys' HTTP status, when it answered.</param>
/// <param name="Code">Genesys' error code, when it gave one.</param>
/// <param name="UpstreamMessage">Genesys' own message, when it gave one; at most 500 characters.</param>
/// <param name="CorrelationId">What Genesys support asks for.</param>
/// <param name="RetryAfter">How long to wait before asking again, when that is known.</param>
/// <param name="CallsUsedUp">Genesys was not asked: the question had made all the calls of its <see cref="CallBudget"/>.</param>
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
    /// <summary>A page of HTML came in place of an answer: something on the way answers instead of Genesys.</summary>
    public bool IsPage { get; init; }
}

/// <param name="calls">Attempts that reached out to Genesys before giving up.</param>
internal sealed class GenesysException(GenesysFailure failure, int calls = 0, Exception? inner = null)
    : Exception(failure.Message, inner)
{
    public GenesysFailure Failure { get; } = failure;

    public int Calls { get; } = calls;

    /// <summary>What may mend it within the same call. Decided where the failure is made, read by the retry alone.</summary>
    public RetryPolicy Retry { get; init; }
}

/// <summary>How an attempt that failed may be repeated within its call.</summary>
internal enum RetryPolicy
{
    /// <summary>The same question would get the same answer, or the wait is known to be too long.</summary>
    Never,

    /// <summary>At once and once, with a new token.</summary>
    Replay,

    /// <summary>Once more; after that the question is the problem, and who asked may ask for less.</summary>
    Once,

    /// <summary>After a growing pause, or after the time that Genesys asks for.</summary>
    Backoff,
}
