using GenesysAnalyticsApi.Alerts.Evaluation;
using GenesysAnalyticsApi.Alerts.Rules;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Alerts;

/// <summary>
/// Reads the figures of all rules: live ones whenever the shared live state changes, aggregates as often as an open slice is fetched anyway. Without rules of
/// a kind, nothing of that kind is read.
/// </summary>
internal sealed partial class AlertReadings(AlertRules rules, ILiveState live, AggregateFigures aggregates, QueueDirectory directory, TimeProvider clock, ILogger<AlertReadings> logger)
{
    /// <summary>With notifications of Genesys, the live state changes many times a second.</summary>
    internal static readonly TimeSpan LivePause = TimeSpan.FromSeconds(1);

    /// <summary>As long as an open slice is fresh (<see cref="Aggregates.Slices.SliceFreshness"/>).</summary>
    internal static readonly TimeSpan AggregatesPause = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(10);

    /// <summary>Reads until it is cancelled.</summary>
    public Task RunAsync(Func<IReadOnlyList<(AlertRule Rule, RuleReading Reading)>, ValueTask> evaluate, CancellationToken cancellationToken) => Task.WhenAll(
        rules.All.Any(rule => rule.IsLive) ? RepeatAsync(() => WatchAsync(evaluate, cancellationToken), rule => rule.IsLive, RetryPause, evaluate, cancellationToken) : Task.CompletedTask,
        rules.All.Any(rule => !rule.IsLive) ? RepeatAsync(() => ReadAggregatesAsync(evaluate, cancellationToken), rule => !rule.IsLive, AggregatesPause, evaluate, cancellationToken) : Task.CompletedTask);

    private async Task WatchAsync(Func<IReadOnlyList<(AlertRule, RuleReading)>, ValueTask> evaluate, CancellationToken cancellationToken)
    {
        var own = rules.All.Where(rule => rule.IsLive).ToList();
        await foreach (var snapshot in live.WatchAsync(cancellationToken))
        {
            var queues = await directory.GetAsync(cancellationToken);
            var began = clock.GetTimestamp();
            var figures = new LiveRuleFigures(snapshot);
            await evaluate([.. own.Select(rule => (rule, figures.Read(rule, QueuesOf(rule, queues))))]);

            // Many rules over many queues take at most a tenth of a processor.
            var pause = clock.GetElapsedTime(began) * 9;
            await Task.Delay(pause > LivePause ? pause : LivePause, clock, cancellationToken);
        }
    }

    private async Task ReadAggregatesAsync(Func<IReadOnlyList<(AlertRule, RuleReading)>, ValueTask> evaluate, CancellationToken cancellationToken)
    {
        var queues = await directory.GetAsync(cancellationToken);
        await evaluate(await aggregates.ReadAsync(rules.All, rule => QueuesOf(rule, queues), cancellationToken));
    }

    private async Task RepeatAsync(
        Func<Task> read, Func<AlertRule, bool> isOwn, TimeSpan pause, Func<IReadOnlyList<(AlertRule, RuleReading)>, ValueTask> evaluate, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await read();
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // The figures may be there again at the next attempt. Until then, the alerts say that they are unknown.
                if (failure is not GenesysException)
                {
                    Log.Failed(logger, failure);
                }

                var fault = (failure as GenesysException)?.Failure.Message ?? "The figures could not be read, because of a fault of the service.";
                await evaluate([.. rules.All.Where(isOwn).Select(rule => (rule, RuleReading.Failed(fault)))]);
            }

            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    /// <summary>Deleted queues have no figures; a rule that is breached by low values would fire for them.</summary>
    private static List<string> QueuesOf(AlertRule rule, QueueDirectorySnapshot directory) => [.. rule.Queues.In(directory).Queues.Where(queue => queue.Listed).Select(queue => queue.Id)];

    private static partial class Log
    {
        [LoggerMessage(9503, LogLevel.Error, "The figures of alerts could not be read")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
