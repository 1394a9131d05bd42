using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Checks the age of the queue names that this process uses in responses.</summary>
internal sealed class QueueDirectoryCheck(QueueDirectory directory, TimeProvider clock) : IDiagnosticCheck
{
    // By this age, several refreshes have failed.
    private static readonly TimeSpan Old = QueueDirectoryRefresher.Interval * 3;

    public string Name => DiagnosticNames.Directory;

    public IReadOnlyList<string> Needs => [];

    public TimeSpan Limit => TimeSpan.FromSeconds(5);

    public string Subject => "The queue directory";

    public Task<CheckOutcome> CheckAsync(DiagnosticContext visit, CancellationToken cancellationToken) => Task.FromResult(
        directory.Current is { } known
            ? Judged(clock.GetUtcNow() - known.ReadAt.ToDateTimeOffset(), known.Queues.Count)
            : CheckOutcome.Skipped("Not examined: this process has not read the queue directory. A service does so when it starts."));

    private static CheckOutcome Judged(TimeSpan age, int queues)
    {
        var text = $"The directory has {queues} queues, as they were {(age < TimeSpan.FromMinutes(2) ? $"{age.TotalSeconds:0} s" : $"{age.TotalMinutes:0} minutes")} ago.";
        return age > Old ? CheckOutcome.Warning(text, $"It is read every {QueueDirectoryRefresher.Interval.TotalMinutes:0} minutes, and lately it could not be: see '{DiagnosticNames.QueuesPermission}', and the log.") : CheckOutcome.Ok(text);
    }
}
