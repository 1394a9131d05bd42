namespace GenesysAnalyticsApi.Genesys;

/// <summary>How Genesys has been doing, by the calls that were made anyway: nobody asks it just to know.</summary>
internal sealed class GenesysHealth(TimeProvider clock)
{
    /// <summary>So many calls in a row without an answer, each after its own retries, are no accident any more.</summary>
    private const int Down = 3;

    private readonly Lock _gate = new();
    private int _failures;
    private DateTimeOffset? _since;
    private string? _reason;

    /// <summary>
    /// Calls that failed in a row, since when they do, and what the last of them said; a question that Genesys refuses or finds too large
    /// was answered.
    /// </summary>
    public (bool IsFailing, bool IsDown, DateTimeOffset? Since, string? Reason) State
    {
        get
        {
            lock (_gate)
            {
                return (_failures > 0, _failures >= Down, _since, _reason);
            }
        }
    }

    public void Succeeded()
    {
        lock (_gate)
        {
            (_failures, _since, _reason) = (0, _failures > 0 ? clock.GetUtcNow() : _since, null);
        }
    }

    public void Failed(GenesysFailure failure)
    {
        if (failure.Kind is GenesysFailureKind.Rejected or GenesysFailureKind.TooLarge)
        {
            return;
        }

        lock (_gate)
        {
            _since = _failures++ == 0 ? clock.GetUtcNow() : _since;
            _reason = failure.Message;
        }
    }
}
