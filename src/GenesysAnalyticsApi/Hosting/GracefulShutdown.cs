using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Observability;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>
/// How the service ends, so that nobody notices:
/// <code>
///   SIGTERM                 /health/ready says 503 at once; everybody is still answered
///   Limits:DrainTime later  no new connections; what is under way is answered, for Aggregates:Timeout at most
///   then                    what runs in the background ends, locks are released
/// </code>
/// The time in between is for whoever balances the load: it goes on sending requests until it has asked for the readiness again.
/// </summary>
internal sealed partial class GracefulShutdown(IOptions<LimitsOptions> limits, TimeProvider clock, ILogger<GracefulShutdown> logger) : IHostedLifecycleService, IHealthCheck
{
    private volatile bool _hasBegun;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Readiness.ResultAsync(_hasBegun ? HealthStatus.Unhealthy : HealthStatus.Healthy);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _hasBegun = true;
        if (limits.Value.DrainTime > TimeSpan.Zero)
        {
            Log.Draining(logger, limits.Value.DrainTime);
            // Whoever cannot wait any longer stops at once.
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
        [LoggerMessage(2300, LogLevel.Information, "The service stops: it is not ready any more, and takes no new connections in {DrainTime}")]
        public static partial void Draining(ILogger logger, TimeSpan drainTime);
    }
}
