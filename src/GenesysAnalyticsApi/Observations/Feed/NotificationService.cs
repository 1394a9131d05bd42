using GenesysAnalyticsApi.Observability;

namespace GenesysAnalyticsApi.Observations.Feed;

/// <summary>
/// With <c>Genesys:Notifications</c>, runs the feed while this replica holds the channels. At other times, receives the states that the replica with the
/// channels sends; if no state arrives, <see cref="State.LiveState"/> reads the state from Genesys. Without the setting, this service does nothing.
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

        // Not awaited, because Redis might be unavailable when the service starts.
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

    /// <summary>Runs the feed until another replica holds the channels, the feed ends, or the service stops.</summary>
    private async Task HoldAsync(CancellationToken stoppingToken)
    {
        Log.Holds(services.Logger);
        using var feedEnd = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var feed = new NotificationFeed(services, sharing).RunAsync(feedEnd.Token);
        try
        {
            do
            {
                await Task.Delay(HoldInterval, services.Clock, stoppingToken);
            }
            while (!feed.IsCompleted && await sharing.TryHoldAsync(stoppingToken));
        }
        finally
        {
            await feedEnd.CancelAsync();
            try
            {
                await feed;
            }
            catch (Exception failure)
            {
                // Without this handler, the exception would stop the whole service.
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
