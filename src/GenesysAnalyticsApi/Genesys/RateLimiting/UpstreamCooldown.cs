using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>
/// The long pause that Genesys may ask for: nobody asks until then, but for one probe a minute. Times are spans since the budget's
/// start. Not thread-safe: the budget locks.
/// </summary>
internal sealed class UpstreamCooldown
{
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMinutes(1);

    private TimeSpan _begun;
    private TimeSpan _nextProbe;
    private GenesysFailureKind _reason;

    public TimeSpan Until { get; private set; }

    public void Begin(GenesysFailureKind reason, TimeSpan length, TimeSpan now)
    {
        (_reason, _begun, Until) = (reason, now, now + length);
        _nextProbe = now + BetweenProbes;
    }

    /// <summary>An answer ends it; one to an attempt that was on its way before the pause was asked for proves nothing.</summary>
    public void RecordReply(TimeSpan grantedAt, TimeSpan now) => Until = now < Until && grantedAt > _begun ? TimeSpan.Zero : Until;

    /// <summary>Whether one may go; in a pause that is the probe, and the next one has to wait for its minute.</summary>
    public bool AllowsProbe(TimeSpan now)
    {
        if (now >= Until)
        {
            return true;
        }

        if (now < _nextProbe)
        {
            return false;
        }

        _nextProbe = now + BetweenProbes;
        return true;
    }

    public GenesysException Refusal(TimeSpan wait, TimeSpan now) =>
        now < Until ? GenesysFailures.Closed(_reason, wait) : GenesysFailures.BudgetUsedUp(wait);
}
