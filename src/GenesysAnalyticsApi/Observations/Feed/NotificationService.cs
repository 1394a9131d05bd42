using GenesysAnalyticsApi.Observability;

namespace GenesysAnalyticsApi.Observations.Feed;

/// <summary>
/// With <c>Genesys:Notifications</c>, runs the feed in the replica that holds the channels. The others receive its states, and read the state themselves
/// when none arrives. Without the setting, this service does nothing.
/// </summary>
internal sealed partial class NotificationService(FeedDependencies services, INotificationSharing sharing) : BackgroundService
{
    internal static readonly TimeSpan HoldInterval = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!services.Options.Value.Notifications)
        {
            return;
        }

        // Not awaited: Redis may be unavailable when the service starts.
        _ = sharing.ReceiveAsync(state => services.State.Publish(state)).ObserveFault();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                if (await sharing.TryHoldAsync(stoppingToken))
                {
                    await HoldAsync(stoppingToken);
                }

                await Task.Delay(HoldInterval, services.Clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service is stopping.
        }
        finally
        {
            await sharing.ReleaseAsync();
        }
    }

    /// <summary>Runs the feed until another replica holds the channels.</summary>
    private async Task HoldAsync(CancellationToken stopping)
    {
        Log.Holds(services.Logger);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var running = new NotificationFeed(services, sharing).RunAsync(ended.Token);
        try
        {
            do
            {
                await Task.Delay(HoldInterval, services.Clock, stopping);
            }
            while (!running.IsCompleted && await sharing.TryHoldAsync(stopping));
        }
        finally
        {
            await ended.CancelAsync();
            try
            {
                await running;
            }
            catch (Exception failure)
            {
                // Otherwise, the exception would stop the whole service.
                Log.Failed(services.Logger, failure);
            }

            Log.GaveUp(services.Logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(9209, LogLevel.Information, "This replica holds the notification channels")]
        public static partial void Holds(ILogger logger);

        [LoggerMessage(9211, LogLevel.Error, "The notifications failed because of an internal error; the service starts them again")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(9210, LogLevel.Information, "This replica no longer holds the notification channels")]
        public static partial void GaveUp(ILogger logger);
    }
}
