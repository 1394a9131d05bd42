using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.Requests;

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
