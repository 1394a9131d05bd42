using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Queues.Directory;

/// <summary>Reads the directory at start and keeps it young. A fault is told once when it begins and once when it is over.</summary>
internal sealed partial class QueueDirectoryRefresher(QueueDirectory directory, TimeProvider clock, ILogger<QueueDirectoryRefresher> logger)
    : BackgroundService
{
    internal static readonly TimeSpan Every = QueueDirectory.MinRefreshAge;
    internal static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // Stopping is how the loop ends, not a fault: nothing is thrown for it.
            var pause = await RefreshAsync(stoppingToken) is { } snapshot ? UntilDue(snapshot) : AfterFailure;
            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Counted from when it was read, since another replica may have done so a while ago.
    private TimeSpan UntilDue(QueueDirectorySnapshot snapshot) =>
        TimeSpan.FromTicks(Math.Clamp((snapshot.ReadAt.ToDateTimeOffset() + Every - clock.GetUtcNow()).Ticks, AfterFailure.Ticks, Every.Ticks));

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
            // Whatever it was, the directory in force is still good and the next turn may succeed; stopping here would freeze it for ever.
            if (!_isFailing && !stoppingToken.IsCancellationRequested)
            {
                // A failure that Genesys can cause is told in its sentence; the stack of anything else is worth having.
                Log.Failed(logger, failure is GenesysException ? null : failure, failure.Message, directory.Current?.ReadAt.ToString() ?? "never");
            }

            _isFailing = true;
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3010, LogLevel.Warning, "The queue directory could not be read: {Reason} Last read: {LastRead}")]
        public static partial void Failed(ILogger logger, Exception? unexpected, string reason, string lastRead);

        [LoggerMessage(3011, LogLevel.Information, "The queue directory was read again: {Queues} queues")]
        public static partial void Recovered(ILogger logger, int queues);
    }
}
