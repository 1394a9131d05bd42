using GenesysAnalyticsApi.Operations;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>How Genesys, the budget and the token are at the moment somebody looks.</summary>
internal sealed class GenesysGauges : IGauges
{
    public GenesysGauges(
        ServiceMeter meter, GenesysBudget budget, GenesysHealth health, GenesysResilience resilience, GenesysAccessTokens tokens, TimeProvider clock)
    {
        meter.Gauge("upstream.up", null, "1 while Genesys answers, 0 after three calls in a row without an answer.", () => health.State.IsDown ? 0 : 1);
        meter.Gauge("upstream.breaker.open", null, "1 while Genesys is left alone after failing repeatedly.", () => resilience.IsBreakerClosed ? 0 : 1);
        meter.Gauge("upstream.pause", "s", "What is left of a pause that Genesys has asked for.", () => budget.Pause.TotalSeconds);
        meter.Gauge("budget.used", null, "Requests of the last minute, of all replicas and of whoever else uses the client.", () => budget.State.Used);
        meter.Gauge("budget.allowed", null, "Requests that there may be a minute.", () => budget.State.Allowed);
        meter.Gauge("budget.waiting", null, "Attempts that wait for a permit.", () => budget.Waiting);
        meter.Gauge("token.life", "s", "Until the access token of Genesys expires; 0 while there is none.", () => Math.Max(0, (tokens.ExpiresAt - clock.GetUtcNow())?.TotalSeconds ?? 0));
    }
}
