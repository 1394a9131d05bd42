using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Observability;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>
/// Lets the service stop without aborting queries in progress:
/// <code>
///   SIGTERM                 /health/ready responds 503 at once; all other requests are still served
///   Limits:DrainTime later  no new connections; queries in progress are completed, within Aggregates:Timeout
///   then                    background work ends and locks are released
/// </code>
/// Load balancers need the drain time, because they keep sending requests until their next readiness probe.
/// </summary>
internal sealed partial class GracefulShutdown(IOptions<RequestLimitsOptions> limits, TimeProvider clock, ILogger<GracefulShutdown> logger) : IHostedLifecycleService, IHealthCheck
{
    private volatile bool _isStopping;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Readiness.ResultAsync(_isStopping ? HealthStatus.Unhealthy : HealthStatus.Healthy);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        if (limits.Value.DrainTime > TimeSpan.Zero)
        {
            Log.Draining(logger, limits.Value.DrainTime);
            // If the host cancels the delay, the shutdown continues at once.
            await Task.Delay(limits.Value.DrainTime, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(2300, LogLevel.Information, "The service is shutting down: /health/ready returns 503, and the service accepts no new connections after {DrainTime}")]
        public static partial void Draining(ILogger logger, TimeSpan drainTime);
    }
}
