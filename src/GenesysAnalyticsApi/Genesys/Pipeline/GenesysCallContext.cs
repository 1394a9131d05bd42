using System.Net;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.Pipeline;

/// <summary>
/// The state that all attempts of one Genesys request share. It is attached to the HTTP request. Attempts run one at a time, so the state needs no lock.
/// </summary>
/// <param name="origin">Decides the priority in the rate limiter.</param>
/// <param name="permission">The Genesys permission that the request needs, for the message of a 403; null if it needs none.</param>
/// <param name="limit">Maximum size of a successful reply.</param>
/// <param name="readReply">Reads a successful reply. It runs inside the attempt, so the attempt fails if the body stalls or breaks off.</param>
internal sealed class GenesysCallContext(
    RequestOrigin origin, string? permission, ReplyLimit limit, Func<Stream, CancellationToken, ValueTask> readReply, TimeSpan timeout, TimeProvider clock)
{
    private static readonly HttpRequestOptionsKey<GenesysCallContext> Key = new(nameof(GenesysCallContext));

    private readonly long _started = clock.GetTimestamp();
    private bool _isReplayed;
    private bool _isRetriedOnce;

    public RequestOrigin Origin => origin;

    public string? Permission => permission;

    public ReplyLimit Limit => limit;

    public string Endpoint { get; } = GenesysPermissions.EndpointOf(permission);

    /// <summary>Attempts sent to Genesys.</summary>
    public int Attempts { get; private set; }

    /// <summary>When the latest attempt was sent. The reply to it contains nothing that happened later.</summary>
    public DateTimeOffset SentAt { get; private set; }

    /// <summary>The status of the successful reply that is being read.</summary>
    public HttpStatusCode Status { get; set; }

    /// <summary>Time until the deadline.</summary>
    public TimeSpan RemainingTime => timeout - clock.GetElapsedTime(_started);

    /// <summary>True while the attempt is waiting for a lease. If the deadline passes during this wait, the rate limit is the reason.</summary>
    public bool IsWaitingForLease { get; set; }

    /// <summary>Backoff before the retry that <see cref="MayRetry"/> allowed.</summary>
    public TimeSpan Pause { get; private set; }

    public static GenesysCallContext Of(HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out var call) ? call : throw new InvalidOperationException("The request has no GenesysCallContext; only GenesysApiClient may send requests to Genesys.");

    public void AttachTo(HttpRequestMessage request) => request.Options.Set(Key, this);

    public void MarkSent()
    {
        Attempts++;
        SentAt = clock.GetUtcNow();
    }

    public ValueTask ReadAsync(Stream body, CancellationToken cancellationToken) => readReply(body, cancellationToken);

    /// <summary>
    /// Whether the request is replayed with a new token. Each request is replayed at most once, whether or not it is also retried for other reasons.
    /// </summary>
    public bool MayReplay(Exception? exception) => exception is GenesysException { Retry: RetryKind.OnceWithNewToken } && !_isReplayed;

    /// <summary>Whether the request is retried. If the pause before the retry does not fit into the deadline, the request fails immediately.</summary>
    public bool MayRetry(Exception? exception, int retry, TimeSpan longestWait, double random)
    {
        if (origin.IsDiagnostic
            || origin.Calls is { Left: 0 }
            || exception is not GenesysException { Retry: RetryKind.Once or RetryKind.Backoff } known
            || (known.Retry == RetryKind.Once && _isRetriedOnce)
            || known.Failure.RetryAfter > longestWait)
        {
            return false;
        }

        Pause = GenesysBackoff.Delay(known.Failure, retry, random);
        return Pause < RemainingTime;
    }

    public void MarkReplayed() => _isReplayed = true;

    public void MarkRetried(Exception? exception)
    {
        _isRetriedOnce |= exception is GenesysException { Retry: RetryKind.Once };
        if (exception is GenesysException { Failure: var failure })
        {
            origin.Calls?.RecordCause(failure);
        }
    }
}
