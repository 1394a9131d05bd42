using GenesysAnalyticsApi.Genesys.Authentication;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Observability;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>Gauges for Genesys, the rate limiter and the access token.</summary>
internal sealed class GenesysGauges
{
    public GenesysGauges(
        ServiceMeter meter, GenesysRateLimiter rateLimiter, GenesysHealthCheck status, GenesysResiliencePipeline resilience, AccessTokenProvider tokens, TimeProvider clock)
    {
        meter.Gauge(
            "upstream.up",
            null,
            "1 while Genesys is up, 0 after three failed requests in a row; rejected and too large requests do not count.",
            () => status.IsDown ? 0 : 1);
        meter.Gauge(
            "upstream.breaker.open",
            null,
            "1 while the circuit breaker is open or half-open after repeated Genesys failures.",
            () => resilience.IsBreakerClosed ? 0 : 1);
        meter.Gauge("upstream.pause", "s", "Remaining seconds of a cooldown that Genesys requested; 0 if there is none.", () => rateLimiter.Pause.TotalSeconds);
        meter.Gauge(
            "budget.used",
            null,
            "Genesys requests in the last minute, from all replicas and, as far as Genesys reports them, from other users of the OAuth client.",
            () => rateLimiter.State.Used);
        meter.Gauge("budget.allowed", null, "Allowed Genesys requests per minute.", () => rateLimiter.State.Allowed);
        meter.Gauge("budget.waiting", null, "Attempts that are waiting for a lease.", () => rateLimiter.Waiting);
        meter.Gauge("token.life", "s", "Time until the Genesys access token expires; 0 while there is none.", () => Math.Max(0, (tokens.ExpiresAt - clock.GetUtcNow())?.TotalSeconds ?? 0));
    }
}
