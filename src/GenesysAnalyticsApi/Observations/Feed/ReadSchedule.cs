namespace GenesysAnalyticsApi.Observations.Feed;

/// <summary>Decides when the state is read by a query although notifications keep it.</summary>
internal sealed class ReadSchedule
{
    /// <summary>Genesys does not guarantee delivery.</summary>
    internal static readonly Duration VerifyInterval = Duration.FromMinutes(1);

    /// <summary>How often figures that no notification brings are read: as often as polling would read them.</summary>
    internal static readonly Duration PollInterval = Duration.FromSeconds(10);

    private static readonly Duration RetryPause = Duration.FromSeconds(2);

    private Instant _lastAt = Instant.MinValue;
    private Instant _notBefore = Instant.MinValue;
    private bool _isRequested = true;
    private bool _isReading;
    private int _failures;

    /// <summary>Reads as soon as possible.</summary>
    /// <param name="mayRecur">Whether there may be many reasons in a row. Then it is read as often as polling would read it.</param>
    public void Request(bool mayRecur = false)
    {
        _isRequested = true;
        if (mayRecur && _lastAt != Instant.MinValue)
        {
            _notBefore = Instant.Max(_notBefore, _lastAt + PollInterval);
        }
    }

    /// <param name="isCovered">Whether notifications bring everything.</param>
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
