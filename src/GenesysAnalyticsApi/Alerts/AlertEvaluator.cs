using System.Threading.Channels;
using GenesysAnalyticsApi.Alerts.Evaluation;
using GenesysAnalyticsApi.Alerts.Rules;
using GenesysAnalyticsApi.Alerts.Webhooks;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Alerts;

/// <summary>
/// Evaluates the rules while this replica has the right to do so. It stores each change of an alert before it notifies webhooks, and other replicas cannot
/// store changes in the meantime. As long as the shared store is reachable, no change is therefore lost when a replica stops, and no change gets two ids.
/// </summary>
internal sealed partial class AlertEvaluator(
    AlertRules rules, IAlertStore store, AlertFigureReader figureReader, WebhookDelivery delivery, AlertsTelemetry telemetry, QueueDirectory directory, TimeProvider clock, ILogger<AlertEvaluator> logger)
    : BackgroundService
{
    /// <summary>
    /// How often a replica without the right to evaluate tries to obtain it, and how often the replica with the right renews it and checks what depends only
    /// on time: quiet hours, the age of figures, and the end of resolved alerts.
    /// </summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private volatile AlertRegister? _current;

    /// <summary>The state of all alerts; null unless this replica evaluates the rules.</summary>
    public AlertRegister? Current => _current;

    private Instant Now => Instant.FromDateTimeOffset(clock.GetUtcNow());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!rules.All.IsEmpty && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var leadership = await store.TryLeadAsync(stoppingToken);
                if (leadership is not null)
                {
                    await LeadAsync(leadership, stoppingToken);
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Without this handler, a single failure would end the loop, and this replica would evaluate no more rules.
                Log.Failed(logger, failure);
            }
            catch (OperationCanceledException)
            {
                // The service is stopping.
            }
            finally
            {
                _current = null;
            }

            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Evaluates the rules until another replica takes over or the service stops.</summary>
    private async Task LeadAsync(IAlertLeadership leadership, CancellationToken stoppingToken)
    {
        using var leadershipEnd = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        // Bounded, so that figures are read no faster than they are evaluated.
        var changes = Channel.CreateBounded<Func<AlertRegister, AlertRegister>>(16);
        var outbox = Channel.CreateUnbounded<AlertNotification>();
        Log.Leading(logger, rules.All.Length);
        Task[] tasks =
        [
            figureReader.RunAsync(readings => changes.Writer.WriteAsync(register => Evaluate(register, readings), leadershipEnd.Token), leadershipEnd.Token),
            delivery.RunAsync(outbox.Reader, confirmed => changes.Writer.WriteAsync(register => register.Without(confirmed), leadershipEnd.Token), leadershipEnd.Token),
            TickAsync(changes.Writer, leadershipEnd.Token),
        ];
        try
        {
            await RunAsync(leadership, changes.Reader, outbox.Writer, leadershipEnd.Token);
        }
        finally
        {
            await leadershipEnd.CancelAsync();
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunAsync(IAlertLeadership leadership, ChannelReader<Func<AlertRegister, AlertRegister>> changes, ChannelWriter<AlertNotification> outbox, CancellationToken cancellationToken)
    {
        var (stored, handedOver, savedAt) = (leadership.Register ?? AlertRegister.Empty, new HashSet<(string, string)>(), clock.GetTimestamp());
        var register = stored.WithTimesClampedTo(Now);
        _current = register;
        while (await changes.WaitToReadAsync(cancellationToken))
        {
            var next = register;
            while (changes.TryRead(out var change))
            {
                next = change(next);
            }

            next = next.WithDueNotifications(rules.All, Now, (rule, key, before, after, change) =>
                AlertNotification.Of(rule, key, before, after, change, directory.Current?.Find(key.QueueId)?.Name, Now)).WithLimitedOutbox(out var dropped);
            if (MustSaveNow(stored, next) || clock.GetElapsedTime(savedAt) >= Interval)
            {
                if (!await leadership.SaveAsync(next, cancellationToken))
                {
                    Log.LeadershipLost(logger);
                    return;
                }

                (stored, savedAt) = (next, clock.GetTimestamp());
            }

            LogChanges(register, next, dropped);
            register = next;
            _current = register;
            foreach (var notification in register.Outbox.Where(entry => handedOver.Add((entry.Id, entry.Webhook))))
            {
                outbox.TryWrite(notification);
            }

            handedOver.IntersectWith(register.Outbox.Select(entry => (entry.Id, entry.Webhook)));
        }
    }

    /// <summary>
    /// Whether the state must be stored at once, because the outbox or the status of an alert has changed. Other changes, such as a new figure value, are
    /// stored with the next periodic save.
    /// </summary>
    private static bool MustSaveNow(AlertRegister stored, AlertRegister next) =>
        stored.Outbox.Count != next.Outbox.Count
        || stored.States.Count != next.States.Count
        || !stored.Outbox.SequenceEqual(next.Outbox)
        || next.States.Any(state => stored.States.GetValueOrDefault(state.Key) is not { } before || before.Status != state.Value.Status || before.NotifiedAt != state.Value.NotifiedAt);

    private AlertRegister Evaluate(AlertRegister register, IReadOnlyList<(AlertRule Rule, RuleReading Reading)> readings) =>
        readings.Aggregate(register, (evaluated, reading) => evaluated.Observe(reading.Rule, reading.Reading, Now));

    private async Task TickAsync(ChannelWriter<Func<AlertRegister, AlertRegister>> changes, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Interval, clock, cancellationToken);
            // A change without effect wakes the loop, which then checks quiet hours and renews the right to evaluate.
            await changes.WriteAsync(register => register, cancellationToken);
        }
    }

    private void LogChanges(AlertRegister before, AlertRegister after, IReadOnlyList<AlertNotification> dropped)
    {
        foreach (var (key, state) in after.States)
        {
            var previous = before.States.GetValueOrDefault(key);
            if (state.Status == AlertStatus.Firing && previous?.Status != AlertStatus.Firing)
            {
                Log.Fired(logger, key.Rule, key.QueueId, state.Value, state.AsOf);
            }
            else if (state.Status == AlertStatus.Resolved && previous?.Status == AlertStatus.Firing)
            {
                Log.Resolved(logger, key.Rule, key.QueueId, state.Value, state.AsOf);
            }
        }

        foreach (var (rule, status) in after.Rules)
        {
            var previous = before.Rules.GetValueOrDefault(rule)?.Fault;
            if (status.Fault is { } fault && previous is null)
            {
                Log.RuleFault(logger, rule, fault);
            }
            else if (status.Fault is null && previous is not null)
            {
                Log.RuleRecovered(logger, rule);
            }
        }

        foreach (var notification in dropped)
        {
            telemetry.Count(NotificationOutcome.Dropped);
            Log.Dropped(logger, notification.Webhook, notification.Id, notification.Rule);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(9500, LogLevel.Information, "This replica evaluates the alerts: {Rules} rules")]
        public static partial void Leading(ILogger logger, int rules);

        [LoggerMessage(9501, LogLevel.Information, "This replica no longer evaluates the alerts; another replica does")]
        public static partial void LeadershipLost(ILogger logger);

        [LoggerMessage(9502, LogLevel.Error, "The alerts could not be evaluated; the service tries again")]
        public static partial void Failed(ILogger logger, Exception failure);

        [LoggerMessage(9504, LogLevel.Information, "Alert {Rule} fired for queue {QueueId}: {Value} at {AsOf}")]
        public static partial void Fired(ILogger logger, string rule, string queueId, double? value, Instant asOf);

        [LoggerMessage(9505, LogLevel.Information, "Alert {Rule} was resolved for queue {QueueId}: {Value} at {AsOf}")]
        public static partial void Resolved(ILogger logger, string rule, string queueId, double? value, Instant asOf);

        [LoggerMessage(9506, LogLevel.Warning, "Alert rule {Rule} could not be evaluated completely: {Reason}")]
        public static partial void RuleFault(ILogger logger, string rule, string reason);

        [LoggerMessage(9507, LogLevel.Information, "Alert rule {Rule} can be evaluated again")]
        public static partial void RuleRecovered(ILogger logger, string rule);

        [LoggerMessage(9508, LogLevel.Error, "Notification {Id} of rule {Rule} was dropped, because too many were waiting for the webhook {Webhook}")]
        public static partial void Dropped(ILogger logger, string webhook, string id, string rule);
    }
}
