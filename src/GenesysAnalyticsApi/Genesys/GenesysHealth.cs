namespace GenesysAnalyticsApi.Genesys;

/// <summary>How Genesys has been doing, by the calls that were made anyway: nobody asks it just to know.</summary>
internal sealed class GenesysHealth(TimeProvider clock)
{
    /// <summary>So many calls in a row without an answer, each after its own retries, are no accident any more.</summary>
    private const int Down = 3;

    private readonly Lock _gate = new();
    private int _failures;
    private DateTimeOffset? _since;

    /// <summary>Calls that failed in a row, and since when they do; a question that Genesys refuses or finds too large was answered.</summary>
    public (bool IsFailing, bool IsDown, DateTimeOffset? Since) State
    {
        get
        {
            lock (_gate)
            {
                return (_failures > 0, _failures >= Down, _since);
            }
        }
    }

    public void Succeeded()
    {
        lock (_gate)
        {
            (_failures, _since) = (0, _failures > 0 ? clock.GetUtcNow() : _since);
        }
    }

    public void Failed(GenesysFailureKind kind)
    {
        if (kind is GenesysFailureKind.Rejected or GenesysFailureKind.TooLarge)
        {
            return;
        }

        lock (_gate)
        {
            _since = _failures++ == 0 ? clock.GetUtcNow() : _since;
        }
    }
}
