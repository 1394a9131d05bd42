using System.Collections.Concurrent;
using System.Threading.Channels;
using GenesysAnalyticsApi.Alerts.Evaluation;

namespace GenesysAnalyticsApi.Alerts.Webhooks;

/// <summary>
/// Delivers notifications. Each webhook gets its notifications one after the other, so its receiver learns that an alert is firing before it learns that the
/// alert is resolved. Webhooks do not wait for each other. A failed attempt that might succeed later is repeated for a day, after growing pauses.
/// </summary>
internal sealed partial class WebhookDelivery(WebhookClient client, AlertsTelemetry telemetry, TimeProvider clock, ILogger<WebhookDelivery> logger)
{
    /// <summary>Delivers notifications until the token is canceled.</summary>
    /// <param name="notifications">The notifications, in the order of the changes that they report.</param>
    /// <param name="confirm">Called for each notification that needs no further attempt.</param>
    public async Task RunAsync(ChannelReader<AlertNotification> notifications, Func<AlertNotification, ValueTask> confirm, CancellationToken cancellationToken)
    {
        var queues = new ConcurrentDictionary<string, Channel<AlertNotification>>(StringComparer.OrdinalIgnoreCase);
        var workers = new List<Task>();
        try
        {
            await foreach (var notification in notifications.ReadAllAsync(cancellationToken))
            {
                var queue = queues.GetOrAdd(notification.Webhook, _ =>
                {
                    // The outbox has the same maximum, and also drops the oldest notifications.
                    var created = Channel.CreateBounded<AlertNotification>(new BoundedChannelOptions(AlertRegister.MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
                    workers.Add(DeliverAsync(created.Reader, confirm, cancellationToken));
                    return created;
                });
                queue.Writer.TryWrite(notification);
            }
        }
        finally
        {
            await Task.WhenAll(workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task DeliverAsync(ChannelReader<AlertNotification> queue, Func<AlertNotification, ValueTask> confirm, CancellationToken cancellationToken)
    {
        await foreach (var notification in queue.ReadAllAsync(cancellationToken))
        {
            await DeliverAsync(notification, cancellationToken);
            await confirm(notification);
        }
    }

    private async Task DeliverAsync(AlertNotification notification, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = await TryAsync(notification, cancellationToken);
            if (result.IsDelivered)
            {
                telemetry.Count(NotificationOutcome.Delivered);
                return;
            }

            var age = Instant.FromDateTimeOffset(clock.GetUtcNow()) - notification.CreatedAt;
            if (!result.MayRetry || age > WebhookRetryPolicy.Life)
            {
                telemetry.Count(NotificationOutcome.Failed);
                Log.Failed(logger, notification.Webhook, notification.Id, notification.Rule, attempt, result.Reason);
                return;
            }

            var pause = WebhookRetryPolicy.PauseAfter(attempt);
            Log.Repeated(logger, notification.Webhook, notification.Id, attempt, result.Reason, pause.TotalSeconds);
            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    private async Task<WebhookAttempt> TryAsync(AlertNotification notification, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendAsync(notification, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // The failure of one notification must not prevent the delivery of later notifications.
            Log.Unexpected(logger, failure, notification.Webhook);
            return new(false, "The attempt failed unexpectedly.", MayRetry: true);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(9510, LogLevel.Warning, "The webhook {Webhook} did not accept notification {Id}, attempt {Attempt}: {Reason} The next attempt follows in {Pause:0.0} s")]
        public static partial void Repeated(ILogger logger, string webhook, string id, int attempt, string reason, double pause);

        [LoggerMessage(9511, LogLevel.Error, "Notification {Id} of rule {Rule} could not be delivered to the webhook {Webhook}, after attempt {Attempt}: {Reason}")]
        public static partial void Failed(ILogger logger, string webhook, string id, string rule, int attempt, string reason);

        [LoggerMessage(9512, LogLevel.Error, "A notification for the webhook {Webhook} failed unexpectedly")]
        public static partial void Unexpected(ILogger logger, Exception failure, string webhook);
    }
}
