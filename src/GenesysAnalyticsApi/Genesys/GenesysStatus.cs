using GenesysAnalyticsApi.Genesys.Authentication;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Observability;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>Tracks the health of Genesys from regular calls; no extra health requests are sent.</summary>
internal sealed class GenesysStatus(TimeProvider clock) : IHealthCheck
{
    /// <summary>Consecutive failed calls, each after its retries, before Genesys counts as down.</summary>
    private const int DownThreshold = 3;

    private readonly Lock _gate = new();
    private int _failures;
    private DateTimeOffset? _since;
    private string? _reason;

    public bool IsDown => Volatile.Read(ref _failures) >= DownThreshold;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Readiness.ResultAsync(IsDown ? HealthStatus.Unhealthy : _failures > 0 ? HealthStatus.Degraded : HealthStatus.Healthy, _since, _reason);
        }
    }

    public void RecordSuccess()
    {
        lock (_gate)
        {
            (_failures, _since, _reason) = (0, _failures > 0 ? clock.GetUtcNow() : _since, null);
        }
    }

    /// <summary>A request that Genesys rejects or finds too large counts as a reply, not as a failure.</summary>
    public void RecordFailure(GenesysFailure failure)
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

/// <summary>Measures the offset to the Genesys clock from the <c>Date</c> header of every reply, including logins.</summary>
internal sealed class GenesysClock
{
    // The header has whole seconds, so on average half a second has passed since.
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ClockOffset _offset = new();
    private volatile ClockReading? _latest;

    /// <summary>The reading of the latest reply; null until a reply had a date.</summary>
    public ClockReading? Latest => _latest;

    /// <inheritdoc cref="ClockOffset.Ahead"/>
    public TimeSpan? Ahead => _offset.Ahead;

    /// <param name="date">The reply's <c>Date</c> header. It is assumed to have been written halfway between sending and receiving.</param>
    public void Observe(DateTimeOffset? date, DateTimeOffset sentAt, DateTimeOffset receivedAt)
    {
        if (date is { } theirs)
        {
            _latest = new ClockReading(sentAt + ((receivedAt - sentAt) / 2) - (theirs + (Second / 2)), receivedAt);
            _offset.Observe(theirs, theirs + Second, sentAt, receivedAt);
        }
    }
}

/// <param name="Ahead">How far this clock is ahead of the Genesys clock; negative if it is behind.</param>
internal sealed record ClockReading(TimeSpan Ahead, DateTimeOffset ReadAt);

/// <summary>Gauges for Genesys, the rate limiter and the access token.</summary>
internal sealed class GenesysGauges
{
    public GenesysGauges(
        ServiceMeter meter, GenesysRateLimiter rateLimiter, GenesysStatus status, GenesysResilience resilience, AccessTokenProvider tokens, TimeProvider clock)
    {
        meter.Gauge("upstream.up", null, "1 while Genesys replies, 0 after three calls in a row without a reply.", () => status.IsDown ? 0 : 1);
        meter.Gauge("upstream.breaker.open", null, "1 while the circuit breaker is open after repeated Genesys failures.", () => resilience.IsBreakerClosed ? 0 : 1);
        meter.Gauge("upstream.pause", "s", "Remaining cooldown that Genesys requested.", () => rateLimiter.Pause.TotalSeconds);
        meter.Gauge("budget.used", null, "Requests in the last minute, of all replicas and of other users of the client.", () => rateLimiter.State.Used);
        meter.Gauge("budget.allowed", null, "Allowed requests per minute.", () => rateLimiter.State.Allowed);
        meter.Gauge("budget.waiting", null, "Attempts that wait for a lease.", () => rateLimiter.Waiting);
        meter.Gauge("token.life", "s", "Time until the Genesys access token expires; 0 while there is none.", () => Math.Max(0, (tokens.ExpiresAt - clock.GetUtcNow())?.TotalSeconds ?? 0));
    }
}
