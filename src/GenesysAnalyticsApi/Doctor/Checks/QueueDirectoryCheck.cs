using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Reports the age of the queue names in this process.</summary>
internal sealed class QueueDirectoryCheck(QueueDirectory directory, TimeProvider clock) : IDiagnosticCheck
{
    // Three missed refreshes.
    private static readonly TimeSpan Old = QueueDirectoryRefresher.Interval * 3;

    public string Name => DiagnosticNames.Directory;

    public IReadOnlyList<string> DependsOn => [];

    public TimeSpan Limit => TimeSpan.FromSeconds(5);

    public string Subject => "The queue directory";

    public Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken) => Task.FromResult(
        directory.Current is { } known
            ? OutcomeOf(clock.GetUtcNow() - known.ReadAt.ToDateTimeOffset(), known.Queues.Count)
            : CheckOutcome.Skipped("Not checked: this process has not read the queue directory. The service reads it at startup."));

    private static CheckOutcome OutcomeOf(TimeSpan age, int queues)
    {
        var text = $"The directory has {queues} queues, read {(age < TimeSpan.FromMinutes(2) ? $"{age.TotalSeconds:0} s" : $"{age.TotalMinutes:0} minutes")} ago.";
        return age > Old ? CheckOutcome.Warning(text, $"It is refreshed every {QueueDirectoryRefresher.Interval.TotalMinutes:0} minutes, but recent refreshes failed: see '{DiagnosticNames.QueuesPermission}', and the log.") : CheckOutcome.Ok(text);
    }
}
