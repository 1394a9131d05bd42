using System.Globalization;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>Reads the directory at startup and then refreshes it. Logs once when reads begin to fail and once when they succeed again.</summary>
internal sealed partial class QueueDirectoryRefresher(QueueDirectory directory, TimeProvider clock, ILogger<QueueDirectoryRefresher> logger)
    : BackgroundService
{
    internal static readonly TimeSpan Interval = QueueDirectory.RefreshAfter;
    internal static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(30);

    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // A cancellation ends the loop. It is not a failure, so the delay must not throw.
            var pause = await RefreshAsync(stoppingToken) is { } snapshot ? UntilDue(snapshot) : RetryInterval;
            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The pause is counted from the time of the read, because another replica might have read the listing some time ago.
    private TimeSpan UntilDue(QueueDirectorySnapshot snapshot) =>
        TimeSpan.FromTicks(Math.Clamp((snapshot.ReadAt.ToDateTimeOffset() + Interval - clock.GetUtcNow()).Ticks, RetryInterval.Ticks, Interval.Ticks));

    private async Task<QueueDirectorySnapshot?> RefreshAsync(CancellationToken stoppingToken)
    {
        try
        {
            var snapshot = await directory.RefreshAsync(stoppingToken);
            if (_isFailing)
            {
                Log.Recovered(logger, snapshot.Queues.Count);
            }

            _isFailing = false;
            return snapshot;
        }
        catch (Exception failure)
        {
            // The current directory stays valid, and the next read can succeed. An exception from this method would stop the service.
            if (!_isFailing && !stoppingToken.IsCancellationRequested)
            {
                // The message of a Genesys failure is sufficient. Other exceptions are logged with their stack trace.
                Log.Failed(logger, failure is GenesysException ? null : failure, failure.Message, directory.Current?.ReadAt.ToString("g", CultureInfo.InvariantCulture) ?? "never");
            }

            _isFailing = true;
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3010, LogLevel.Warning, "The queue directory could not be read: {Reason} Last read: {LastRead}")]
        public static partial void Failed(ILogger logger, Exception? unexpected, string reason, string lastRead);

        [LoggerMessage(3011, LogLevel.Information, "The queue directory can be read again: {Queues} queues")]
        public static partial void Recovered(ILogger logger, int queues);
    }
}
