using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Doctor.Checks;

/// <summary>Reports the age of the queue names in this process.</summary>
internal sealed class QueueDirectoryCheck(QueueDirectory directory, TimeProvider clock)
    : DiagnosticCheck(DiagnosticNames.Directory, "Reading the queue directory", 5)
{
    // The age after three missed refreshes.
    private static readonly TimeSpan Old = QueueDirectoryRefresher.Interval * 3;

    public override Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken) => Task.FromResult(
        directory.Current is { } known
            ? OutcomeOf(clock.GetUtcNow() - known.ReadAt.ToDateTimeOffset(), known.Queues.Count)
            : CheckOutcome.Skipped("Not checked: this process has not read the queue directory. The service reads it at startup."));

    private static CheckOutcome OutcomeOf(TimeSpan age, int queues)
    {
        var text = $"The directory contains {queues} queues and was read {(age < TimeSpan.FromMinutes(2) ? $"{age.TotalSeconds:0} s" : $"{age.TotalMinutes:0} minutes")} ago.";
        return age > Old ? CheckOutcome.Warning(text, $"The directory is refreshed every {QueueDirectoryRefresher.Interval.TotalMinutes:0} minutes, but recent refreshes failed: see '{DiagnosticNames.QueuesPermission}', and the log.") : CheckOutcome.Ok(text);
    }
}
