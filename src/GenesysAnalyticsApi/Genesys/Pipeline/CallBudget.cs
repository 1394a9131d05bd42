using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.Pipeline;

/// <summary>
/// The calls to Genesys that one question may make, retries and splits included. All parts of the question share it, so that one
/// question cannot use up the requests a minute that all callers share.
/// </summary>
internal sealed class CallBudget(int limit)
{
    private readonly Lock _gate = new();
    private int _made;
    private GenesysFailure? _cause;

    public int Limit => limit;

    /// <summary>Calls that may still be made.</summary>
    public int Left => Math.Max(0, limit - Volatile.Read(ref _made));

    /// <summary>Why more calls than planned were made, as Genesys put it.</summary>
    public GenesysFailure? Cause
    {
        get
        {
            lock (_gate)
            {
                return _cause;
            }
        }
    }

    /// <summary>Takes one call; false when none is left.</summary>
    public bool TryTake() => Interlocked.Increment(ref _made) <= limit;

    /// <summary>Further calls are made because of this failure. The first one is told, but a size limit says more than any other failure.</summary>
    public void SpendOn(GenesysFailure failure)
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
