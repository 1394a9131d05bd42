namespace GenesysAnalyticsApi.Observations.Feed;

/// <summary>Decides when a query reads the state in addition to notifications.</summary>
internal sealed class ReadSchedule
{
    /// <summary>How often a query verifies the state, because Genesys does not guarantee the delivery of notifications.</summary>
    internal static readonly Duration VerifyInterval = Duration.FromMinutes(1);

    /// <summary>How often a query reads the state while notifications do not contain all figures: as often as polling does by default.</summary>
    internal static readonly Duration PollInterval = Duration.FromSeconds(10);

    private static readonly Duration RetryPause = Duration.FromSeconds(2);

    private Instant _lastAt = Instant.MinValue;
    private Instant _notBefore = Instant.MinValue;
    private bool _isRequested = true;
    private bool _isReading;
    private int _failures;

    /// <summary>Requests a read as soon as possible.</summary>
    /// <param name="mayRecur">Whether the reason may recur in quick succession. At least <see cref="PollInterval"/> then passes between two reads.</param>
    public void Request(bool mayRecur = false)
    {
        _isRequested = true;
        if (mayRecur && _lastAt != Instant.MinValue)
        {
            _notBefore = Instant.Max(_notBefore, _lastAt + PollInterval);
        }
    }

    /// <param name="isCovered">Whether notifications provide all figures.</param>
    /// <returns>Whether the caller must read the state now.</returns>
    public bool TryBegin(Instant now, bool isCovered)
    {
        var isDue = _isRequested || now >= _lastAt + (isCovered ? VerifyInterval : PollInterval);
        if (_isReading || !isDue || now < _notBefore)
        {
            return false;
        }

        (_isReading, _isRequested) = (true, false);
        return true;
    }

    public void Complete(Instant now, bool hasSucceeded)
    {
        _isReading = false;
        _failures = hasSucceeded ? 0 : _failures + 1;
        _isRequested |= !hasSucceeded;
        (_lastAt, _notBefore) = hasSucceeded ? (now, Instant.MinValue) : (_lastAt, now + Duration.Min(RetryPause * _failures, PollInterval));
    }
}
