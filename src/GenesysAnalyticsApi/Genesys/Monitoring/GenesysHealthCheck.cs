using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Observability;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GenesysAnalyticsApi.Genesys.Monitoring;

/// <summary>Tracks the health of Genesys from the requests that are sent anyway, without additional requests.</summary>
internal sealed class GenesysHealthCheck(TimeProvider clock) : IHealthCheck
{
    /// <summary>The number of consecutive failed requests, each after its retries, after which Genesys is considered down.</summary>
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

    /// <summary>Genesys is up if it replies that a request is invalid or too large, so such a reply does not count as a failure here.</summary>
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
