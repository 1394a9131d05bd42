using GenesysAnalyticsApi.Alerts.Evaluation;
using GenesysAnalyticsApi.Alerts.Rules;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Alerts;

/// <summary>
/// Reads the figures of all rules: live figures when the shared live state changes, but at most once per second, and aggregate figures every 30 seconds. A kind
/// of figure is read only if a rule needs it.
/// </summary>
internal sealed partial class AlertFigureReader(AlertRules rules, ILiveState live, AggregateFigures aggregates, QueueDirectory directory, TimeProvider clock, ILogger<AlertFigureReader> logger)
{
    /// <summary>The minimum pause between two evaluations of live figures. With notifications, the live state can change several times per second.</summary>
    internal static readonly TimeSpan LivePause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The pause between two reads of aggregate figures: the time for which a slice that is still open stays fresh
    /// (<see cref="Aggregates.Slices.SliceFreshness"/>).
    /// </summary>
    internal static readonly TimeSpan AggregatesPause = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(10);

    /// <summary>Reads figures until the token is canceled.</summary>
    public Task RunAsync(Func<IReadOnlyList<(AlertRule Rule, RuleReading Reading)>, ValueTask> evaluate, CancellationToken cancellationToken) => Task.WhenAll(
        rules.All.Any(rule => rule.IsLive) ? RepeatAsync(() => WatchAsync(evaluate, cancellationToken), rule => rule.IsLive, RetryPause, evaluate, cancellationToken) : Task.CompletedTask,
        rules.All.Any(rule => !rule.IsLive) ? RepeatAsync(() => ReadAggregatesAsync(evaluate, cancellationToken), rule => !rule.IsLive, AggregatesPause, evaluate, cancellationToken) : Task.CompletedTask);

    private async Task WatchAsync(Func<IReadOnlyList<(AlertRule, RuleReading)>, ValueTask> evaluate, CancellationToken cancellationToken)
    {
        var liveRules = rules.All.Where(rule => rule.IsLive).ToList();
        await foreach (var snapshot in live.WatchAsync(cancellationToken))
        {
            var queues = await directory.GetAsync(cancellationToken);
            var startedAt = clock.GetTimestamp();
            var figures = new LiveRuleFigures(snapshot);
            await evaluate([.. liveRules.Select(rule => (rule, figures.Read(rule, QueuesOf(rule, queues))))]);

            // Computing the figures of many rules for many queues uses at most a tenth of a processor.
            var pause = clock.GetElapsedTime(startedAt) * 9;
            await Task.Delay(pause > LivePause ? pause : LivePause, clock, cancellationToken);
        }
    }

    private async Task ReadAggregatesAsync(Func<IReadOnlyList<(AlertRule, RuleReading)>, ValueTask> evaluate, CancellationToken cancellationToken)
    {
        var queues = await directory.GetAsync(cancellationToken);
        await evaluate(await aggregates.ReadAsync(rules.All, rule => QueuesOf(rule, queues), cancellationToken));
    }

    private async Task RepeatAsync(
        Func<Task> read, Func<AlertRule, bool> isOfKind, TimeSpan pause, Func<IReadOnlyList<(AlertRule, RuleReading)>, ValueTask> evaluate, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await read();
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // The next attempt might succeed. Until then, the alerts keep their last state and show this fault.
                if (failure is not GenesysException)
                {
                    Log.Failed(logger, failure);
                }

                var fault = (failure as GenesysException)?.Failure.Message ?? "The figures could not be read because of an internal error of the service.";
                await evaluate([.. rules.All.Where(isOfKind).Select(rule => (rule, RuleReading.Failed(fault)))]);
            }

            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    /// <summary>
    /// The ids of the queues that the rule covers, without queues that Genesys no longer lists: such a queue has no conversations, so a rule with
    /// the comparison Below would fire for it.
    /// </summary>
    private static List<string> QueuesOf(AlertRule rule, QueueDirectorySnapshot directory) => [.. rule.Queues.Filter(directory).Queues.Where(queue => queue.Listed).Select(queue => queue.Id)];

    private static partial class Log
    {
        [LoggerMessage(9503, LogLevel.Error, "The figures of alerts could not be read")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
