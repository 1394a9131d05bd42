using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Genesys.Limits;

/// <summary>
/// Reads the ceilings after startup and then every six hours, because Genesys can change the limits at any time. After a failure, the next read is ten minutes
/// later.
/// </summary>
internal sealed partial class OrganizationLimitsRefresher(
    OrganizationLimits limits, LimitCeilings ceilings, IOptions<GenesysOptions> options, TimeProvider clock, ILogger<OrganizationLimitsRefresher> logger) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromHours(6);
    internal static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(10);

    /// <summary>The service can work with the previous limits, so a failed request is not retried and does not count against the health of Genesys.</summary>
    private static readonly RequestOrigin Origin = RequestOrigin.Service with { IsDiagnostic = true };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.Value.ReadLimits && !stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(await ReadAsync(stoppingToken), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>How long to wait before the next read.</returns>
    internal async Task<TimeSpan> ReadAsync(CancellationToken stoppingToken)
    {
        try
        {
            var reply = await limits.ReadAsync(Origin, stoppingToken);
            ceilings.Apply(reply, Instant.FromDateTimeOffset(clock.GetUtcNow()));
            foreach (var failure in reply.Failures)
            {
                Log.Failed(logger, null, failure.Message);
            }

            return reply.Failure is null ? Interval : RetryInterval;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            // The known limits apply until the next attempt. An exception that leaves a background service would stop the whole service.
            Log.Failed(logger, exception, exception.Message);
            return RetryInterval;
        }
        catch (OperationCanceledException)
        {
            return RetryInterval;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1015, LogLevel.Debug, "Some limits of the organization could not be read. For these, the previous value applies, or else the documented default or the setting: {Reason}")]
        public static partial void Failed(ILogger logger, Exception? exception, string reason);
    }
}
