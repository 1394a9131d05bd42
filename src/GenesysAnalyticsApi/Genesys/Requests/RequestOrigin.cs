using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.Requests;

/// <summary>
/// The caller for which a Genesys request is sent, and the priority of the request. Callers are served round-robin, and background work leaves capacity for
/// interactive queries.
/// </summary>
/// <param name="Caller">The caller's identity, not its name. In the rate limiter, requests with the same identity and priority share one list.</param>
/// <param name="IsBackground">True if no query is waiting for the reply.</param>
internal sealed record RequestOrigin(string Caller, bool IsBackground)
{
    // The parentheses prevent a collision with a caller's identity.
    public static readonly RequestOrigin Anonymous = new("(anonymous)", IsBackground: false);

    /// <summary>The origin of requests that the service sends for itself, such as refreshes of the queue directory.</summary>
    public static readonly RequestOrigin Service = new("(service)", IsBackground: true);

    /// <summary>
    /// Whether the request is a diagnostic. Its failure is a valid result, so it is not retried and does not count against the health of Genesys.
    /// </summary>
    public bool IsDiagnostic { get; init; }

    /// <summary>Limits the Genesys requests of one query; null if only the rate limiter applies.</summary>
    public CallBudget? Calls { get; init; }

    /// <summary>True if the request belongs to a job that reads many slices.</summary>
    public bool IsForJob { get; init; }

    /// <summary>Canceled when a query starts to wait for the reply to a background request. From then on, the request has the priority of a query.</summary>
    public CancellationToken Awaited { get; init; }

    /// <summary>Whether a query is waiting for the reply.</summary>
    public bool HasPriority => !IsBackground || Awaited.IsCancellationRequested;
}

/// <summary>
/// Limits the Genesys requests of one query, including retries and splits. All parts of the query share one budget, so a single query cannot exhaust the rate
/// limit that all callers share.
/// </summary>
internal sealed class CallBudget(int limit)
{
    private readonly Lock _gate = new();
    private int _taken;
    private (GenesysFailure? First, int Count) _sizeLimits;
    private (GenesysFailure? First, int Count) _otherFailures;

    public int Limit => limit;

    /// <summary>Remaining requests.</summary>
    public int Left => Math.Max(0, limit - Volatile.Read(ref _taken));

    /// <summary>
    /// The failure that the service reports as the cause of the additional requests: the first reply that was too large or, if other failures caused more
    /// additional requests, the first of the other failures. Null if no additional request was sent.
    /// </summary>
    public GenesysFailure? Cause
    {
        get
        {
            lock (_gate)
            {
                return _sizeLimits.Count >= _otherFailures.Count ? _sizeLimits.First : _otherFailures.First;
            }
        }
    }

    /// <summary>Takes one request; returns false if none remains.</summary>
    public bool TryTake() => Interlocked.Increment(ref _taken) <= limit;

    /// <summary>Records why an additional request is sent.</summary>
    public void RecordCause(GenesysFailure failure)
    {
        lock (_gate)
        {
            ref var kind = ref failure.Kind == GenesysFailureKind.TooLarge ? ref _sizeLimits : ref _otherFailures;
            kind = (kind.First ?? failure, kind.Count + 1);
        }
    }
}
