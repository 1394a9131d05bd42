using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.RateLimiting;

/// <summary>
/// A long cooldown that Genesys requested. Until the cooldown ends, only one probe per minute is sent. Times are measured from the rate limiter's
/// start. Not thread-safe: the rate limiter serializes access.
/// </summary>
internal sealed class GenesysCooldown
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMinutes(1);

    private TimeSpan _startedAt;
    private TimeSpan _nextProbe;
    private GenesysFailureKind _reason;

    public TimeSpan Until { get; private set; }

    public void Begin(GenesysFailureKind reason, TimeSpan length, TimeSpan now)
    {
        (_reason, _startedAt, Until) = (reason, now, now + length);
        _nextProbe = now + ProbeInterval;
    }

    /// <summary>A reply ends the cooldown, unless the lease of its attempt was granted before the cooldown began.</summary>
    public void RecordReply(TimeSpan grantedAt, TimeSpan now) => Until = now < Until && grantedAt > _startedAt ? TimeSpan.Zero : Until;

    /// <summary>Whether a request can be sent. During a cooldown, an allowed request counts as the probe of the minute.</summary>
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

        _nextProbe = now + ProbeInterval;
        return true;
    }

    public GenesysException CreateFailure(TimeSpan wait, TimeSpan now) =>
        now < Until ? GenesysFailureFactory.CooldownActive(_reason, wait) : GenesysFailureFactory.RateLimitExhausted(wait);
}
