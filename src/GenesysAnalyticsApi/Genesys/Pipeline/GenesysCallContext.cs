using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.Pipeline;

/// <summary>
/// One upstream call: what its attempts share while they travel through the handlers, fastened to the request.
/// One attempt at a time touches it.
/// </summary>
/// <param name="asker">Whose turn it takes.</param>
/// <param name="permission">What the call needs in Genesys, for the message of a 403; null where it needs none.</param>
/// <param name="limit">How long a successful answer may be.</param>
/// <param name="read">Reads a successful answer; runs inside the attempt, so that a body that stalls or breaks is an attempt that failed.</param>
internal sealed class GenesysCallContext(
    RequestOrigin asker, string? permission, ReplyLimit limit, Func<Stream, CancellationToken, ValueTask> read, TimeSpan patience, TimeProvider clock)
{
    public const int MaxRetries = 4;

    private static readonly HttpRequestOptionsKey<GenesysCallContext> Key = new(nameof(GenesysCallContext));

    private readonly long _started = clock.GetTimestamp();

    public RequestOrigin Asker => asker;

    public string? Permission => permission;

    public ReplyLimit Limit => limit;

    public string Endpoint { get; } = GenesysWire.EndpointOf(permission);

    /// <summary>Attempts that went out.</summary>
    public int Attempts { get; private set; }

    /// <summary>When the latest attempt went out: nothing that happened later can be in its answer.</summary>
    public DateTimeOffset SentAt { get; private set; }

    /// <summary>What is left until the deadline.</summary>
    public TimeSpan RemainingTime => patience - clock.GetElapsedTime(_started);

    /// <summary>It stands in the queue for a permit; a deadline that passes then is the budget's doing.</summary>
    public bool IsWaitingForPermit { get; set; }

    /// <summary>The pause before the retry that <see cref="MayRetry"/> has granted.</summary>
    public TimeSpan Pause { get; private set; }

    private bool Replayed { get; set; }

    private bool RetriedAfterTimeout { get; set; }

    public static GenesysCallContext Of(HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out var call) ? call : throw new InvalidOperationException("Only the gateway sends requests to Genesys.");

    public void AttachTo(HttpRequestMessage request) => request.Options.Set(Key, this);

    public void MarkSent()
    {
        Attempts++;
        SentAt = clock.GetUtcNow();
    }

    public ValueTask ReadAsync(Stream body, CancellationToken cancellationToken) => read(body, cancellationToken);

    /// <summary>A refused token is renewed and the question asked again, once in a call, whatever else was retried.</summary>
    public bool MayReplay(Exception? failed) => failed is GenesysException { Retry: RetryPolicy.Replay } && !Replayed;

    /// <summary>Whether the failure can pass within this call; a wait that does not fit is refused at once instead of sat out.</summary>
    public bool MayRetry(Exception? failed, int retry, TimeSpan longestWait, double random)
    {
        if (asker.IsDiagnostic
            || asker.Calls is { Left: 0 }
            || failed is not GenesysException { Retry: RetryPolicy.Once or RetryPolicy.Backoff } exception
            || (exception.Retry == RetryPolicy.Once && RetriedAfterTimeout)
            || exception.Failure.RetryAfter > longestWait)
        {
            return false;
        }

        Pause = GenesysBackoff.Delay(exception.Failure, retry, random);
        return Pause < RemainingTime;
    }

    public void Replays() => Replayed = true;

    public void Retries(Exception? failed)
    {
        RetriedAfterTimeout |= failed is GenesysException { Retry: RetryPolicy.Once };
        if (failed is GenesysException { Failure: var failure })
        {
            asker.Calls?.SpendOn(failure);
        }
    }
}
