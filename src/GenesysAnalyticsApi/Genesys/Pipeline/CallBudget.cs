using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.Pipeline;

/// <summary>
/// Limits the Genesys calls of one query, including retries and splits. All parts of the query share it, so that a single query cannot
/// exhaust the rate limit that all callers share.
/// </summary>
internal sealed class CallBudget(int limit)
{
    private readonly Lock _gate = new();
    private int _made;
    private volatile GenesysFailure? _cause;

    public int Limit => limit;

    /// <summary>Remaining calls.</summary>
    public int Left => Math.Max(0, limit - Volatile.Read(ref _made));

    /// <summary>The failure that caused additional calls.</summary>
    public GenesysFailure? Cause => _cause;

    /// <summary>Takes one call; returns false if none remains.</summary>
    public bool TryTake() => Interlocked.Increment(ref _made) <= limit;

    /// <summary>Records why additional calls are made. The first failure is reported, unless a later one is a size limit, which explains more.</summary>
    public void RecordCause(GenesysFailure failure)
    {
        lock (_gate)
        {
            if (_cause is null || (failure.Kind == GenesysFailureKind.TooLarge && _cause.Kind != GenesysFailureKind.TooLarge))
            {
                _cause = failure;
            }
        }
    }
}
